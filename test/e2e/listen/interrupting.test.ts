import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { runCli, startCli } from '../harness/cli.ts';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';
import { chunk, streamHead } from '../harness/wire.ts';

/** An event every 10 ms until the client leaves. */
async function ticks(client: RawConnection): Promise<void> {
  await client.request();
  await client.write(streamHead.chunked);
  for (let n = 1; !client.hasLeft; n += 1) {
    await client.write(chunk(`id: ${n}\ndata: tick ${n}\n\n`));
    await sleep(10);
  }
}

/** As much as the client takes. */
function flood(sent: { bytes: number }): (client: RawConnection) => Promise<void> {
  return async (client) => {
    await client.request();
    await client.write(streamHead.chunked);
    const event = chunk(`data: ${'x'.repeat(64 * 1024)}\n\n`);
    for (; !client.hasLeft; sent.bytes += event.length) await client.write(event);
  };
}

describe('listen, interrupted', () => {
  test('ends in order at the first Ctrl-C: summary, 130', async (t) => {
    const server = await rawServer(t, ticks);
    const cli = startCli(['listen', server.url, '--format', 'ndjson']);
    await cli.printed(/"type":"event"/);
    cli.signal('SIGINT');
    const outcome = await cli.ended;
    assert.equal(outcome.code, 130);
    assert.equal(recordsOfType(outcome, 'close')[0]?.by, 'signal');
    assert.equal(recordsOfType(outcome, 'summary')[0]?.exit, 130);
  });

  test('prints the summary that a person asked for', async (t) => {
    const server = await rawServer(t, ticks);
    const cli = startCli(['listen', server.url, '--summary']);
    await cli.printed(/tick 3/);
    cli.signal('SIGINT');
    const { code, stderr } = await cli.ended;
    assert.equal(code, 130);
    assert.match(stderr, /\d+ events/);
  });

  test('ends at the first Ctrl-C while it waits to reconnect', async (t) => {
    const server = await rawServer(t, (client) => client.reset());
    const cli = startCli(['listen', server.url, '--follow', '--retry-delay', '60s', '--format', 'ndjson']);
    await cli.printed(/"type":"reconnect"/);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 130);
  });

  test('ends at the first Ctrl-C while no headers come', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.left();
    });
    const cli = startCli(['listen', server.url]);
    await until(() => server.requests.length === 1);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 130);
  });

  test('ends at once at the second Ctrl-C, though its output is not read', async (t) => {
    const sent = { bytes: 0 };
    const server = await rawServer(t, flood(sent));
    const cli = startCli(['listen', server.url, '--format', 'data']);
    cli.stopReading();
    await stopsGrowing(() => sent.bytes);
    cli.signal('SIGINT');
    // Signals of a kind that wait are one: the next must not come before this one was taken.
    await until(() => !catchesInterrupt(cli.pid), 'the first Ctrl-C to be taken');
    cli.signal('SIGINT');
    assert.equal(await cli.gone, 130);
    cli.keepReading();
    await cli.ended;
  });

  test('ends in order at SIGTERM: 143', async (t) => {
    const server = await rawServer(t, ticks);
    const cli = startCli(['listen', server.url, '--format', 'ndjson']);
    await cli.printed(/"type":"event"/);
    cli.signal('SIGTERM');
    const outcome = await cli.ended;
    assert.equal(outcome.code, 143);
    assert.equal(recordsOfType(outcome, 'summary')[0]?.exit, 143);
  });
});

describe('listen, when its output goes away', () => {
  for (const format of ['pretty', 'ndjson', 'data', 'raw']) {
    test(`says nothing and exits 141 at a broken pipe (${format})`, async (t) => {
      const server = await rawServer(t, ticks);
      const cli = startCli(['listen', server.url, '--format', format, '-s']);
      await cli.printed(/tick 1/);
      cli.closeStdout();
      const { code, stderr } = await cli.ended;
      assert.deepEqual({ code, stderr }, { code: 141, stderr: '' });
    });
  }

  for (const name of ['run.ndjson', 'run.ndjson.gz', 'run.har']) {
    test(`finishes its files at a broken pipe (${name})`, async (t) => {
      const server = await rawServer(t, ticks);
      const [file, junit] = [name, 'junit.xml'].map((each) => join(temporaryFolder(t), each)) as [
        string,
        string,
      ];
      const given = ['--record', file, '--junit', junit, '--expect', 'count>=1000000'];
      const cli = startCli(['listen', server.url, ...given]);
      await cli.printed(/tick 1/);
      const { stderr } = cli;
      cli.closeStdout();
      const ended = await cli.ended;
      assert.deepEqual([ended.code, ended.stderr], [141, stderr]);
      assert.match(readFileSync(junit, 'utf8'), /<skipped.*<\/testsuites>\n$/s);
      const replayed = await runCli(['listen', '--from', file]);
      assert.match(replayed.stdout, /tick 1/);
      assert.doesNotMatch(replayed.stderr, /cut|stops/);
    });
  }

  test('exits 23 when the disk is full', async (t) => {
    const server = await rawServer(t, ticks);
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await runCli(['listen', server.url], { stdout: full });
    closeSync(full);
    assert.equal(code, 23);
    assert.match(stderr, /ENOSPC|no space/i);
  });

  test('a reader that pauses pauses the server: no more is taken than kernels hold, and nothing is lost', async (t) => {
    const sent = { bytes: 0 };
    const server = await rawServer(t, flood(sent));
    const cli = startCli(['listen', server.url, '--format', 'data', '-n', '2000'], {
      deadlineMs: 60_000,
    });
    cli.stopReading();
    await stopsGrowing(() => sent.bytes);
    assert.ok(sent.bytes < 40e6, `${sent.bytes} bytes were taken from the server`);
    cli.keepReading();
    const { code, stdout } = await cli.ended;
    assert.equal(code, 0);
    assert.equal(stdout.length, 2000 * (64 * 1024 + 1));
  });
});

/** Whether a process has a handler for SIGINT: the bits of `SigCgt` are its signals, from 1. */
function catchesInterrupt(pid: number | undefined): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1]}`);
  return (caught & 2n) !== 0n;
}

/** Resolves when a figure that has begun to grow has stood still for 400 ms. */
async function stopsGrowing(figure: () => number): Promise<void> {
  let last = figure();
  let since = Date.now();
  await until(() => {
    const now = figure();
    if (now !== last) since = Date.now();
    last = now;
    return now > 0 && Date.now() - since > 400;
  }, 'the flow to stop');
}
