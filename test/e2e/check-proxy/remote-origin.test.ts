import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { grantsBy } from '../../../src/checks/origin/script-grants.ts';
import { withScript } from '../../../src/checks/origin/script-text.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { type FaultyProxy, startFaultyProxy } from '../../checks/faulty-proxy.ts';
import { type CliOptions, type RunningCli, runCli, startCli } from '../harness/cli.ts';

/** However busy the machine is: past it a run hangs. */
const DEADLINE_MS = 90_000;

interface Served {
  cli: RunningCli;
  url: string;
  token: string;
  proxy: FaultyProxy;
}

async function serve(
  test: TestContext,
  words: readonly string[] = [],
  options: CliOptions = {},
): Promise<Served> {
  const cli = startCli(['serve-mock', '--probe', '--port', '0', ...words], {
    deadlineMs: DEADLINE_MS,
    ...options,
  });
  test.after(async () => {
    cli.signal('SIGINT');
    await cli.ended;
  });
  await cli.printed(/^ready http:\S+\n/);
  const [, url = ''] = /^ready (\S+)\n$/.exec(cli.stdout) ?? [];
  await cli.logged(/--remote-origin \S+\n/);
  const [, token = ''] = /SSEKIT_PROBE_TOKEN=(\w+) /.exec(cli.stderr) ?? [];
  return { cli, url, token, proxy: await startFaultyProxy(test, url, { bufferUntilEnd: true }) };
}

const check = ({ proxy, url }: Served, words: readonly string[], env: Record<string, string> = {}) =>
  runCli(['check-proxy', `${proxy.url}x`, '--remote-origin', url, ...words], {
    deadlineMs: DEADLINE_MS,
    env,
  });

function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ssekit-remote-'));
  test.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('check-proxy --remote-origin', () => {
  test('finds by an origin in another process what the proxy does', async (t) => {
    const served = await serve(t);
    const { url, token, proxy, cli } = served;
    const line = `SSEKIT_PROBE_TOKEN=${token} ssekit check-proxy URL --remote-origin ${url}`;
    assert.ok(cli.stderr.includes(`  ${line}\n`), cli.stderr);
    const json = join(folder(t), 'r.json');
    const words = ['--only', 'timing,bytes,request,xab', '--max-connections', '3', '-o', json];
    const { code, stdout, stderr } = await check(served, words, { SSEKIT_PROBE_TOKEN: token });
    assert.equal(code, 10, stderr);
    assert.match(stderr, /^clock: the origin is [\d.]+ m?s (ahead|behind), ±[\d.]+ m?s$/m);
    assert.match(stdout, /FAIL {6}buffer\.until-end: /);
    const again = `  then      ssekit check-proxy ${proxy.url}x --remote-origin ${url} --max-connections 3 --only timing,`;
    assert.ok(stdout.includes(again), stdout);
    const kept = readFileSync(json, 'utf8');
    const { mode, origin, clock, results, skipped } = JSON.parse(kept) as CheckResult;
    assert.ok(clock && clock.uncertaintyMs > 0 && Math.abs(clock.aheadMs) < 60_000, JSON.stringify(clock));
    const why = 'needs 4 connections at once; --max-connections leaves the probes 2';
    assert.deepEqual(skipped, [{ probe: 'xab', why, leftOut: true }], 'one is for asking the origin');
    assert.deepEqual([mode, origin], ['remote-origin', new URL(url).host]);
    assert.deepEqual(
      results.map(({ probe, status }) => [probe, status]),
      [
        ['timing', 'fail'],
        ['bytes', 'pass'],
        ['request', 'pass'],
      ],
    );
    assert.ok(!`${kept}${stdout}${stderr}`.includes(token), 'the token is nowhere to be read');
  });

  test('takes the token from a file, and runs again and again with one origin', async (t) => {
    const served = await serve(t);
    const file = join(folder(t), 'token');
    writeFileSync(file, `${served.token}\n`);
    served.proxy.faults = {};
    for (let run = 0; run < 2; run += 1) {
      const { code, stderr } = await check(served, ['--probe-token', `@${file}`, '--only', 'bytes']);
      assert.equal(code, 0, stderr);
    }
  });

  test('says what to do without the right token, and leads nowhere with it', async (t) => {
    const served = await serve(t);
    const wrong = await check(served, ['--only', 'bytes'], { SSEKIT_PROBE_TOKEN: 'not-the-right-one' });
    assert.equal(wrong.code, 14);
    assert.match(
      wrong.stderr,
      /does not know this token\n {2}serve-mock --probe prints .*SSEKIT_PROBE_TOKEN/,
    );
    assert.ok(!wrong.stderr.includes('not-the-right-one'));
    const missing = await check(served, ['--only', 'bytes']);
    assert.equal(missing.code, 14);
    assert.match(missing.stderr, /token of the origin is missing\n.*SSEKIT_PROBE_TOKEN.*--probe-token @FILE/);
  });

  test('tells how to lead a proxy there that does not reach it', async (t) => {
    const served = await serve(t);
    const elsewhere = await startFaultyProxy(t, 'http://127.0.0.1:1/');
    const { code, stderr } = await check({ ...served, proxy: elsewhere }, ['--only', 'bytes'], {
      SSEKIT_PROBE_TOKEN: served.token,
    });
    assert.equal(code, 14);
    assert.match(
      stderr,
      /HTTP 502 .*\n {2}Have the proxy forward it to where ssekit serve-mock --probe listens\. It needs /,
    );
  });

  test('ends at Ctrl-C, and leaves the origin nothing to do', async (t) => {
    const served = await serve(t);
    const env = { SSEKIT_PROBE_TOKEN: served.token };
    const words = ['check-proxy', served.proxy.url, '--remote-origin', served.url, '--only', 'idle'];
    const cli = startCli(words, { deadlineMs: DEADLINE_MS, env });
    await cli.logged(/^clock: /m);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 130);
    served.proxy.faults = {};
    const next = await check(served, ['--only', 'bytes'], env);
    assert.equal(next.code, 0, next.stderr);
  });
});

describe('serve-mock --probe', () => {
  test('has a token that was given, and does not print it', async (t) => {
    const SSEKIT_PROBE_TOKEN = 'one-that-nobody-guesses';
    const served = await serve(t, ['--format', 'pretty'], { env: { SSEKIT_PROBE_TOKEN } });
    assert.ok(!served.cli.stderr.includes(SSEKIT_PROBE_TOKEN));
    assert.match(
      served.cli.stderr,
      /its URL and the same SSEKIT_PROBE_TOKEN:\n {2}ssekit check-proxy URL --remote/,
    );
    served.proxy.faults = {};
    const { code, stderr } = await check(served, ['--only', 'bytes'], { SSEKIT_PROBE_TOKEN });
    assert.equal(code, 0, stderr);
  });

  test('ends at Ctrl-C with a stream open, and listens no more', async (t) => {
    const { cli, url, token } = await serve(t);
    const script = { key: 'a stream that stays', steps: [{ do: 'hold' }] } as const;
    const stream = await fetch(withScript(new URL(url), script, grantsBy(token, Date.now)));
    assert.equal(stream.status, 200);
    cli.signal('SIGINT');
    const { code, stderr } = await cli.ended;
    assert.equal(code, 0, stderr);
    await assert.rejects(stream.text());
    const refused = await new Promise((resolve) => {
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' }, () =>
        resolve('connected'),
      );
      socket.on('error', ({ code: reason }: NodeJS.ErrnoException) => resolve(reason));
    });
    assert.equal(refused, 'ECONNREFUSED');
  });

  test('keeps nobody waiting who measures with it when it ends', async (t) => {
    const { cli, url, token, proxy } = await serve(t);
    const env = { SSEKIT_PROBE_TOKEN: token };
    const words = ['check-proxy', proxy.url, '--remote-origin', url, '--only', 'idle'];
    const client = startCli(words, { deadlineMs: DEADLINE_MS, env });
    await client.logged(/^clock: /m);
    cli.signal('SIGINT');
    const { code, stdout, stderr } = await client.ended;
    assert.equal(code, 14, `${stdout}${stderr}`);
  });
});
