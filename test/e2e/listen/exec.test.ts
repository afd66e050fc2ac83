import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type CliOptions, type RunningCli, runCli, startCli } from '../harness/cli.ts';
import { rawServer } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-exec-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A run over a stream on standard input. */
function over(stream: string, flags: readonly string[], options: CliOptions = {}) {
  return runCli(['listen', '-', ...flags], { stdin: stream, ...options });
}

const events = (count: number) => Array.from({ length: count }, (_, n) => `id: ${n + 1}\ndata: ${n + 1}\n\n`);

/** Serves events, and then nothing until the client leaves. */
function endless(t: TestContext, body: string) {
  return rawServer(t, async (client) => {
    await client.request();
    await client.write(streamHead.chunked + chunk(body));
    await client.left();
  });
}

/** Lines of a file as they are now. */
const lines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that nobody has taken leave of yet has ended too.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a command for each event', { concurrency: 2 }, () => {
  test('gets the data on standard input and the fields in its environment', async (t) => {
    const out = join(folder(t), 'out');
    const command = `{ echo "$SSE_N/$SSE_EVENT/\${SSE_ID-unset}/$SSE_LAST_EVENT_ID/$SSE_DATA_BYTES"; cat; echo; } >> ${out}`;
    const stream = 'event: order\nid: 7\ndata: {"a":1}\n\ndata: two\ndata: lines\n\n';
    const { code, stdout } = await over(stream, ['--exec', command, '--format', 'data']);
    assert.equal(code, 0);
    assert.equal(stdout, '{"a":1}\ntwo\\nlines\n');
    assert.equal(readFileSync(out, 'utf8'), '1/order/7/7/7\n{"a":1}\n2/message/unset/7/9\ntwo\nlines\n');
  });

  test('can open its standard input by name, and where there are no temporary files read it', async (t) => {
    const out = join(folder(t), 'out');
    const data = 'ü'.repeat(100_000);
    const { code, stderr } = await over(`data: ${data}\n\n`, ['--exec', `wc -c </dev/stdin >> ${out}`, '-s']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(lines(out).map(Number), [200_000]);
    const nowhere = { env: { TMPDIR: join(folder(t), 'missing') } };
    assert.equal((await over('data: x\n\n', ['--exec', `cat > ${out}`, '-s'], nowhere)).code, 0);
    assert.equal(readFileSync(out, 'utf8'), 'x');
  });

  test('prints on standard error, so that standard output stays data', async () => {
    const { stdout, stderr } = await over('data: x\n\n', [
      '--exec',
      'echo out; echo err >&2',
      '--format',
      'data',
    ]);
    assert.equal(stdout, 'x\n');
    assert.match(stderr, /^out\nerr\n/m);
    assert.match(stderr, /exec {6}1 command · none failed/);
  });

  test('is run for events that are shown, as they are shown, all of them before the end', async (t) => {
    const out = join(folder(t), 'out');
    const stream = ['a', 'b', 'c', 'd'].map((name, n) => `event: ${name}\ndata: {"v":${n}}\n\n`).join('');
    const flags = [
      '--exclude-event',
      'b',
      '--path',
      'v',
      '-n',
      '2',
      '--exec',
      `cat >> ${out}; echo >> ${out}`,
    ];
    assert.equal((await over(stream, flags)).code, 0);
    assert.deepEqual(lines(out), ['0', '2']);
  });

  test('keeps the order, one at a time; with --exec-parallel several run at once', async (t) => {
    const out = join(folder(t), 'out');
    const stream = events(40).join('');
    await over(stream, ['--exec', `echo "+$SSE_N" >> ${out}; echo "-$SSE_N" >> ${out}`]);
    const inOrder = Array.from({ length: 40 }, (_, n) => [`+${n + 1}`, `-${n + 1}`]).flat();
    assert.deepEqual(lines(out), inOrder);
    // Each waits until all three run.
    const together = join(folder(t), 'out');
    const meet = `echo x >> ${together}; while [ "$(wc -l < ${together})" -lt 3 ]; do sleep 0.02; done`;
    const met = await over(events(3).join(''), ['--exec', meet, '--exec-parallel', '3']);
    assert.equal(met.code, 0);
    const wrong = await over('', ['--exec-parallel', '3']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--exec is missing/);
  });

  test('need not read its standard input', async () => {
    const stream = `data: ${'x'.repeat(3_000_000)}\n\n`.repeat(3);
    const { code, stderr } = await over(stream, ['--exec', 'exec <&-; true', '--format', 'data']);
    assert.equal(code, 0, stderr.slice(-500));
  });

  test('gets data of any size and any character', async (t) => {
    const out = join(folder(t), 'out');
    const large = 'ü'.repeat(100_000);
    const stream = `data: ${large}\n\nevent: e\0\ndata: a\0b\n\n`;
    const command = `echo "\${SSE_EVENT-none} \${SSE_DATA-none} $SSE_DATA_BYTES $(wc -c | tr -d ' ')" >> ${out}`;
    const { code } = await over(stream, ['--exec', command], {
      env: { SSE_DATA: 'of a run around this one' },
    });
    assert.equal(code, 0);
    assert.deepEqual(lines(out), ['message none 200000 200000', 'none none 3 3']);
  });

  test('that fails is told with its event, counted, and ends the run with 1', async () => {
    const stream = events(30).join('');
    const outcome = await over(stream, ['--exec', '[ "$SSE_N" -gt 12 ] || exit 3', '--format', 'ndjson']);
    assert.equal(outcome.code, 1);
    const warnings = recordsOfType(outcome, 'warn').filter(({ code }) => code === 'exec-failed');
    assert.equal(warnings.length, 10);
    assert.equal(warnings[0]?.message, 'the command of --exec exited with 3 for event #1 (id 1)');
    assert.match(String(warnings[9]?.message), /further failures are only counted$/);
    const [summary] = recordsOfType(outcome, 'summary');
    assert.deepEqual(summary?.exec, {
      started: 30,
      failed: 12,
      firstFailure: 'exited with 3 for event #1 (id 1)',
    });
    assert.match(outcome.stderr, /"code":"EXEC_FAILED","exit":1,"message":"[^"]*12 of 30 events/);
  });

  test('that fails when the stream is over leaves a recording whole, which tells of it', async (t) => {
    const file = join(folder(t), 'run.ndjson.gz');
    const kept = await over(events(3).join(''), ['--exec', 'exit 3', '--record', file, '-s']);
    assert.equal(kept.code, 1, kept.stderr);
    const recorded = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    const types = recorded.map((line) => (JSON.parse(line) as { type: string }).type);
    const warnings = types.filter((type) => type === 'warn');
    assert.deepEqual([types.filter((type) => type === 'event').length, warnings.length], [3, 3]);
  });

  test('that does not exist, or is killed, is told so', async () => {
    const missing = await over('data: x\n\n', ['--exec', 'ssekit-no-such-command']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /exited with 127 \(no such command\) for event #1\n/);
    const killed = await over('data: x\n\n', ['--exec', 'kill -9 $$']);
    assert.match(killed.stderr, /was killed by SIGKILL for event #1\n/);
  });

  test("that fails leaves the run's own failure its code", async () => {
    const { code, stderr } = await over('data: x\n\ndata: cut', ['--exec', 'false']);
    assert.equal(code, 18);
    assert.match(stderr, /1 command · 1 failed/);
  });

  test('that is empty, or comes from a config file that merely lies there, is not run', async (t) => {
    assert.equal((await over('data: x\n\n', ['--exec', ' '])).code, 2);
    const cwd = folder(t);
    writeFileSync(join(cwd, 'ssekit.config.json'), JSON.stringify({ exec: 'touch ran' }));
    const { stderr } = await over('data: x\n\n', [], { cwd });
    assert.match(stderr, /may not set exec unless named/);
    assert.equal(existsSync(join(cwd, 'ran')), false);
  });

  test('that is slower than the stream holds it up, and not a byte piles up', async (t) => {
    const gate = join(folder(t), 'gate');
    let taken = 0;
    const body = chunk(`data: ${'x'.repeat(64 * 1024)}\n\n`);
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked);
      for (; taken < 400; taken += 1) await client.write(body);
      await client.write(LAST_CHUNK);
      client.finish();
    });
    const command = `while [ ! -e ${gate} ]; do sleep 0.02; done; wc -c >> ${gate}`;
    const cli = startCli(['listen', server.url, '--exec', command, '--format', 'ndjson'], {
      deadlineMs: 60_000,
    });
    await cli.printed(/"code":"exec-slow"/);
    let [last, since] = [-1, performance.now()];
    await until(() => {
      if (taken !== last) [last, since] = [taken, performance.now()];
      return performance.now() - since > 300;
    });
    assert.ok(taken < 400, 'the server could send everything');
    writeFileSync(gate, '');
    const outcome = await cli.ended;
    assert.equal(outcome.code, 0, outcome.stderr.slice(-500));
    assert.equal(lines(gate).length, 400);
    const slow = recordsOfType(outcome, 'warn').filter((warning) => warning.code === 'exec-slow');
    assert.equal(slow.length, 1);
    // What we kept waiting is no silence of the server.
    const [summary] = recordsOfType(outcome, 'summary');
    const silence = summary?.silence as { leftOut?: number } | undefined;
    assert.ok((silence?.leftOut ?? 0) > 0);
  });

  test('ends at Ctrl-C with all that it has started; what waited is not run', async (t) => {
    const out = join(folder(t), 'out');
    const server = await endless(t, events(3).join(''));
    const command = `sleep 600 & echo $! >> ${out}; wait; echo over >> ${out}`;
    const cli = startCli(['listen', server.url, '--exec', command, '--format', 'ndjson']);
    await until(() => lines(out).length === 1);
    cli.signal('SIGINT');
    const outcome = await cli.ended;
    assert.equal(outcome.code, 130);
    const [summary] = recordsOfType(outcome, 'summary');
    assert.deepEqual(summary?.exec, { started: 1, failed: 0, notRun: 2, stopped: 1 });
    const [pid = ''] = lines(out);
    await until(() => !lives(Number(pid)), 'what the command started to end');
    assert.equal(lines(out).length, 1);
  });

  test('is ended also where it takes no notice of SIGTERM', async (t) => {
    const out = join(folder(t), 'out');
    const server = await endless(t, 'data: x\n\n');
    const command = `trap '' TERM; echo $$ >> ${out}; while :; do sleep 0.1; done`;
    const cli = startCli(['listen', server.url, '--exec', command]);
    await until(() => lines(out).length === 1);
    cli.signal('SIGTERM');
    assert.equal((await cli.ended).code, 143);
    await until(() => !lives(Number(lines(out)[0])));
  });

  test('is ended with what it has started, also where that alone takes no notice of SIGTERM', async (t) => {
    const out = join(folder(t), 'out');
    const server = await endless(t, 'data: x\n\n');
    // The outer shell goes at once; what runs below it stays, and tells how often it was asked.
    const inner = `trap "echo asked >> ${out}" TERM; echo $$ >> ${out}; while :; do sleep 0.1; done`;
    const cli = startCli(['listen', server.url, '--exec', `sh -c '${inner}'; true`]);
    await until(() => lines(out).length === 1);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 130);
    await until(() => !lives(Number(lines(out)[0])), 'what the command started to end');
    assert.deepEqual(lines(out).slice(1), ['asked']);
  });

  test('that runs on when the stream has ended is waited for, said to be, and left at Ctrl-C', async (t) => {
    const out = join(folder(t), 'out');
    const command = `echo $$ >> ${out}; exec sleep 600`;
    const cli = startCli(['listen', '-', '--exec', command, '--format', 'data'], {
      stdin: events(4).join(''),
    });
    await cli.logged(/the run is over but for the command: 1 running, 3 waiting/);
    cli.signal('SIGINT');
    const { code, stderr } = await cli.ended;
    assert.equal(code, 130);
    assert.match(stderr, /interrupted by SIGINT: 1 running, 3 waiting/);
    await until(() => !lives(Number(lines(out)[0])));
  });

  test('is bounded by -m, before and after the end of the stream', async (t) => {
    const ended = await over('data: x\n\n', ['--exec', 'exec sleep 600', '-m', '1']);
    assert.equal(ended.code, 28);
    const server = await endless(t, 'data: x\n\n');
    const { code } = await runCli(['listen', server.url, '--exec', 'exec sleep 600', '-m', '1']);
    assert.equal(code, 28);
  });

  test('does not outlive a run that was killed, or whose output nobody reads', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked);
      for (let n = 1; !client.hasLeft; n += 1) {
        await client.write(chunk(`data: ${n}\n\n`));
        await sleep(10);
      }
    });
    const ends: [(cli: RunningCli) => void, number][] = [
      [(cli) => cli.signal('SIGKILL'), 137],
      [(cli) => cli.closeStdout(), 141],
    ];
    for (const [end, code] of ends) {
      const out = join(folder(t), 'out');
      // The second is started when whoever ends the first has been told of it.
      const command = `echo $$ >> ${out}; if [ "$SSE_N" = 1 ]; then exec sleep 600; fi`;
      const cli = startCli(['listen', server.url, '--exec', command, '--exec-parallel', '2']);
      await until(() => lines(out).length >= 2);
      end(cli);
      assert.equal(await cli.gone, code);
      await until(() => !lives(Number(lines(out)[0])), `the command to end after ${code}`);
    }
  });
});
