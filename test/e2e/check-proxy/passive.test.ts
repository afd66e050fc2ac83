import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { CHECK_RESULT_SCHEMA } from '../../../src/results/check/schema.ts';
import { startFaultyProxy } from '../../checks/faulty-proxy.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';

/** However busy the machine is: past it a run hangs. */
const DEADLINE_MS = 60_000;

const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(CHECK_RESULT_SCHEMA);

/** Each stream is looked at for as long as a silence is to be. */
const SHORT = ['--silences', '1500ms'];

const check = (...words: string[]) =>
  runCli(['check-proxy', ...words, ...SHORT], { deadlineMs: DEADLINE_MS });

describe('check-proxy without an origin', { concurrency: true }, () => {
  test('finds nothing wrong with a stream that nobody holds', async (t) => {
    const mock = await startMock(t, '--interval', '20ms');
    const { code, stdout, stderr } = await check(mock.url);
    assert.equal(code, 0, stdout);
    assert.match(
      stderr,
      /^looking at http\S+ as a client does: at most 4 requests, 2 at once, each for 1\.5 s or 600 KB: about 3 s; where no answer comes, 2 more that end at once$/m,
    );
    assert.match(
      stdout,
      /^ {2}PASS {6}as far as a look can tell, .* no silence .*: [56] of 8 probes in .*; [23] could not be measured$/m,
    );
    assert.match(stdout, /^ {2}path {6}client ─HTTP\/1\.1─ .* ─ origin \(looked at alone\)$/m);
    assert.match(
      stdout,
      /^ {2}well {6}nothing that was seen is left[\s\S]* \d+ more with ssekit[\s\S]*\n {12}ssekit check-proxy \S+ --origin HOST:PORT\n$/m,
    );
  });

  test('finds what a proxy does, past it and alone', async (t) => {
    const mock = await startMock(t, '--interval', '10ms', '--size', '400B');
    const proxy = await startFaultyProxy(t, mock.url, { bufferBytes: 4_096 });
    const [both, alone] = await Promise.all([
      check(proxy.url, '--direct', mock.url, '--format', 'json'),
      check(proxy.url),
    ]);
    assert.equal(both.code, 10, both.stdout + both.stderr);
    const result = JSON.parse(both.stdout) as CheckResult;
    assert.ok(valid(result), JSON.stringify(valid.errors));
    assert.equal(result.mode, 'passive');
    assert.equal(result.origin, new URL(mock.url).host);
    const faults = result.results.flatMap(({ fault }) => fault ?? []);
    assert.deepEqual([...new Set(faults)], ['buffer.threshold']);
    assert.equal(alone.code, 10, alone.stdout);
    assert.match(alone.stdout, /^ {2}FAIL {6}buffer\.threshold: /m);
    assert.match(alone.stdout, /held by a proxy or by\s+the origin itself: --direct URL tells\s+which/);
    assert.match(
      alone.stdout,
      /^ {2}prove {5}ssekit check-proxy http:\S+ --silences 1500ms --only timing,threshold/m,
    );
  });

  test('needs a stream', async (t) => {
    const mock = await startMock(t);
    const page = await check(`${mock.url}metrics`);
    assert.equal(page.code, 14);
    assert.match(page.stderr, /answers HTTP 200.*: no event stream, but Content-Type "text\/plain/);
    const beside = await check(mock.url, '--direct', `${mock.url}metrics`);
    assert.equal(beside.code, 14);
    assert.match(beside.stderr, /--direct: 127\.0\.0\.1:\d+ answers HTTP 200/);
  });

  test('says what it means that nothing comes, and what tells', async (t) => {
    const mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    t.after(() => mute.close());
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const { code, stderr } = await check(`http://127.0.0.1:${port}/sse?token=hunter`);
    assert.equal(code, 14);
    assert.match(
      stderr,
      /nothing came in \d\.\d+ s, no headers either: either the application is silent, or a proxy/,
    );
    assert.match(
      stderr,
      /check-proxy 'http:\S+\/sse\?token=•••' --direct 'http:\/\/HOST:PORT\/sse\?token=•••'$/m,
    );
  });

  test('ends at Ctrl-C with what there is', async (t) => {
    const mock = await startMock(t, '--interval', '20ms');
    const cli = startCli(['check-proxy', mock.url, '--format', 'json'], { deadlineMs: DEADLINE_MS });
    await cli.logged(/^looking at /m);
    cli.signal('SIGINT');
    const { code, stdout } = await cli.ended;
    assert.equal(code, 130);
    const result = JSON.parse(stdout) as CheckResult;
    assert.ok(valid(result), JSON.stringify(valid.errors));
    assert.equal(result.interrupted, true);
  });
});
