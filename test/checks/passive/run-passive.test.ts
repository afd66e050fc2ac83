import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { PASSIVE_PROBES } from '../../../src/checks/passive/registry.ts';
import { type PassiveCheck, runPassive } from '../../../src/checks/passive/run-passive.ts';
import { SseKitError } from '../../../src/client/errors.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { StreamRequest } from '../../../src/client/request.ts';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { until } from '../../e2e/harness/until.ts';
import { type ProxyFaults, startFaultyProxy } from '../faulty-proxy.ts';
import { type Endpoint, type Shape, startEndpoint } from './endpoint.ts';

/** As they are without flags. */
const OPTIONS: PassiveCheck['options'] = {
  heartbeatMs: 15_000,
  isHeartbeatAssumed: true,
  silencesMs: [],
  maxConnections: 50,
  long: false,
};

interface Looked {
  result: CheckResult;
  endpoint: Endpoint;
}

interface Setting {
  shape?: Shape;
  faults?: ProxyFaults;
  watchMs?: number;
  alone?: boolean;
  signal?: AbortSignal;
  onEndpoint?(endpoint: Endpoint): Promise<void>;
  /** All of them, unless given: what a busy machine does to others is then no matter. */
  only?: readonly string[];
}

async function look(test: TestContext, setting: Setting): Promise<Looked> {
  const { shape, faults, only, watchMs = 2_000, alone = false } = setting;
  const { signal = new AbortController().signal } = setting;
  const endpoint = await startEndpoint(test, shape);
  const interrupting = setting.onEndpoint?.(endpoint);
  const proxy = await startFaultyProxy(test, endpoint.url, faults);
  const pool = createPool();
  test.after(() => pool.close());
  const result = await runPassive({
    ...{ target: proxy.url, request: requestOf(proxy.url), pool, version: '0', watchMs, signal },
    ...(alone ? {} : { direct: requestOf(endpoint.url) }),
    probes: PASSIVE_PROBES.filter(({ id }) => only?.includes(id) ?? true),
    ...{ skipped: [], onProgress() {} },
    options: OPTIONS,
  });
  await interrupting;
  return { result, endpoint };
}

/** What is not to be refused is looked at for a minute. */
function lookAt(
  test: TestContext,
  request: StreamRequest,
  direct: StreamRequest,
  watchMs = 60_000,
): Promise<CheckResult> {
  const pool = createPool();
  test.after(() => pool.close());
  return runPassive({
    ...{ target: '', request, direct, pool, version: '0', watchMs },
    ...{ probes: PASSIVE_PROBES, skipped: [], onProgress() {}, signal: new AbortController().signal },
    options: OPTIONS,
  });
}

const found = ({ result }: Looked) =>
  result.results.flatMap(({ probe, status, fault }) =>
    status === 'pass' ? [] : [`${probe} ${status} ${fault}`],
  );

const causesOf = ({ result }: Looked, probe: string) =>
  result.results.find((each) => each.probe === probe)?.causes ?? [];

/** Enough to fill buffers in a second. */
const MUCH: Shape = { sizeBytes: 400, everyMs: 10 };

/** By itself: what others do beside it would be late, and is no fault of its server's. */
test('looking at a stream finds nothing where nothing is wrong, and asks for no more than it says', async (t) => {
  const healthy = await look(t, {});
  assert.deepEqual(found(healthy), []);
  const { results, skipped } = healthy.result;
  assert.deepEqual(
    // Where the first event comes late, a head is seen to come before it.
    results.map(({ probe }) => probe).filter((probe) => !['timing', 'headers-first'].includes(probe)),
    ['threshold', 'encoding', 'request', 'response-headers'],
  );
  // On a busy machine streams don't look alike.
  if (!results.some(({ probe }) => probe === 'timing')) {
    assert.match(skipped.find(({ probe }) => probe === 'timing')?.why ?? '', /have times of their own/);
  }
  assert.equal(healthy.result.mode, 'passive');
  // Both ways lead to it.
  assert.equal(healthy.endpoint.requests, 8);
  assert.ok(healthy.endpoint.most <= 4, String(healthy.endpoint.most));
  const alone = await look(t, { alone: true });
  assert.deepEqual(found(alone), []);
  assert.equal(alone.endpoint.requests, 4);
  assert.ok(alone.endpoint.most <= 2);
});

/** More at once would keep each other waiting. */
describe('looking at a stream', { concurrency: 5 }, () => {
  test('finds a buffer, with a direct way and without', async (t) => {
    const [both, alone] = await Promise.all([
      look(t, { shape: MUCH, faults: { bufferBytes: 4_096 }, watchMs: 3_000 }),
      look(t, { shape: MUCH, faults: { bufferBytes: 4_096 }, watchMs: 3_000, alone: true }),
    ]);
    assert.ok(found(both).includes('threshold fail buffer.threshold'), JSON.stringify(both.result));
    assert.ok(
      found(both).some((each) => /^timing (warn|fail) buffer\.(threshold|timer)$/.test(each)),
      String(found(both)),
    );
    assert.ok(found(alone).includes('threshold fail buffer.threshold'), String(found(alone)));
    // The stream says X-Accel-Buffering: no, and is held.
    assert.ok(
      !both.result.results.some(({ fixes }) => fixes.some(({ line }) => line === 'X-Accel-Buffering: no')),
    );
    assert.ok(causesOf(both, 'threshold').length > 0);
  });

  test('finds what holds a stream until its end', async (t) => {
    const both = await look(t, { faults: { bufferUntilEnd: true } });
    assert.ok(found(both).includes('timing fail buffer.until-end'), String(found(both)));
  });

  test('finds a compressor that holds events', async (t) => {
    const both = await look(t, { faults: { compressAndHold: ['gzip'] }, only: ['encoding'] });
    assert.deepEqual(found(both), ['encoding fail compression.holds-events']);
    const fixes = both.result.results.find(({ probe }) => probe === 'encoding')?.fixes ?? [];
    // It says no-transform already.
    const cures = fixes.filter(({ line }) => line === 'Cache-Control: no-cache, no-transform');
    assert.ok(!cures.some(({ where }) => where === 'origin'));
  });

  test('finds a head that waits for the body', async (t) => {
    const shape = { firstMs: 1_000 };
    const only = ['headers-first'];
    const both = await look(t, { shape, faults: { holdHeaders: true }, watchMs: 2_000, only });
    assert.deepEqual(found(both), ['headers-first fail buffer.headers']);
    const alone = await look(t, { shape, faults: { holdHeaders: true }, watchMs: 2_000, only, alone: true });
    assert.deepEqual(found(alone), ['headers-first warn buffer.headers']);
    // The application may do so by itself.
    assert.ok(causesOf(both, 'headers-first').length > 0);
    assert.deepEqual(causesOf(alone, 'headers-first'), []);
  });

  test('looks at a head for no longer than it needs to', async (t) => {
    const only = ['headers-first', 'response-headers'];
    // A minute of it would be too long for any test.
    const looks = [
      look(t, { shape: { firstMs: 400 }, watchMs: 60_000, only, alone: true }),
      look(t, { shape: { firstMs: 60_000 }, watchMs: 60_000, only }),
    ];
    for (const { result, endpoint } of await Promise.all(looks)) {
      assert.deepEqual(
        result.results.map(({ probe, status }) => `${probe} ${status}`),
        ['headers-first pass', 'response-headers pass'],
      );
      assert.equal(result.verdict.status, 'pass');
      assert.ok(endpoint.requests >= 2);
    }
  });

  test('finds a limit on silence', async (t) => {
    const shape = { count: 3 };
    const both = await look(t, { shape, faults: { idleCutMs: 1_100 }, watchMs: 2_200 });
    assert.ok(found(both).includes('idle fail idle.cut'), String(found(both)));
    const alone = await look(t, { shape, faults: { idleCutMs: 1_100 }, watchMs: 2_200, alone: true });
    assert.ok(
      found(alone).some((each) => /^idle (warn|fail) idle\.cut$/.test(each)),
      String(found(alone)),
    );
  });

  test('finds that Last-Event-ID is lost', async (t) => {
    const both = await look(t, { faults: { dropHeaders: ['last-event-id'] }, only: ['request'] });
    assert.deepEqual(found(both), ['request fail request.header-lost']);
  });

  test('asks once where there is no stream, and says what there is', async (t) => {
    const endpoint = await startEndpoint(t, { status: 404 });
    const pool = createPool();
    await assert.rejects(
      runPassive({
        ...{ target: '', request: requestOf(endpoint.url), pool, version: '0', watchMs: 5_000 },
        ...{ probes: PASSIVE_PROBES, skipped: [], onProgress() {}, signal: new AbortController().signal },
        options: OPTIONS,
      }),
      (error) => error instanceof SseKitError && error.exitCode === 14 && /HTTP 404/.test(error.message),
    );
    assert.equal(endpoint.requests, 1);
  });

  test('says who it is that answers nothing where he says so of himself', async (t) => {
    const holding = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        if (!/\r\nhost:/i.test(bytes.toString('latin1')))
          socket.end('HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nConnection: close\r\n\r\n');
      });
    });
    const { port } = await listen(t, holding);
    const pool = createPool();
    t.after(() => pool.close());
    await assert.rejects(
      runPassive({
        ...{ target: '', request: requestOf(`http://127.0.0.1:${port}/`), pool, version: '0', watchMs: 500 },
        ...{ probes: PASSIVE_PROBES, skipped: [], onProgress() {}, signal: new AbortController().signal },
        options: OPTIONS,
      }),
      {
        exitCode: 14,
        message:
          /no headers either: .*; other requests there are answered by nginx 1\.22\.1 \(its headers say so\)$/,
      },
    );
  });

  test('says at once that --direct leads the same way', async (t) => {
    const { url } = await startEndpoint(t);
    const another = url.replace('127.0.0.1', 'localhost');
    await assert.rejects(lookAt(t, requestOf(url), requestOf(another)), {
      code: 'SAME_URL',
      message: `the URL to check and --direct are the same: ${another}`,
    });
  });

  test('says that the two may be swapped where nothing comes past the proxy, and a stream through it', async (t) => {
    const [stream, silent] = await Promise.all([startEndpoint(t), listen(t, createServer())]);
    const direct = `http://127.0.0.1:${silent.port}/events`;
    const { host } = new URL(stream.url);
    await assert.rejects(lookAt(t, requestOf(stream.url), requestOf(direct), 700), (error: SseKitError) => {
      assert.equal(error.code, 'SILENT');
      assert.match(error.message, /^--direct: .* no headers either: either the application .*, or a proxy/);
      assert.ok(error.message.endsWith(`; ${host} sends a stream`), error.message);
      const swapped = `ssekit check-proxy '${direct}' --direct '${stream.url}'`;
      assert.equal(
        error.hint,
        `Is it the URL of the stream, past every proxy? The two may be swapped: ${swapped}`,
      );
      return true;
    });
  });

  test('asks for another URL alone where nothing comes along either way', async (t) => {
    const silent = `http://127.0.0.1:${(await listen(t, createServer())).port}/`;
    await assert.rejects(lookAt(t, requestOf(silent), requestOf(`${silent}past`), 500), {
      code: 'SILENT',
      hint: 'Is it the URL of the stream, past every proxy?',
    });
  });

  test('says which of the ways is refused, and what the other one says', async (t) => {
    const [stream, page, gone] = await Promise.all([
      startEndpoint(t),
      startEndpoint(t, { status: 404 }),
      startEndpoint(t, { status: 429 }),
    ]);
    const silent = await listen(t, createServer());
    const nobody = await listen(t, createServer());
    await nobody.close();
    const at = (port: number) => `http://127.0.0.1:${port}/`;
    const startMs = performance.now();
    const refusals = [
      [stream.url, page.url, /^--direct: 127\S+ answers HTTP 404.*: there is no stream to look at$/],
      [page.url, stream.url, /^127\S+ answers HTTP 404.* to look at; directly there is a stream$/],
      [gone.url, page.url, /^127\S+ answers HTTP 429.* to look at; directly it is HTTP 404$/],
      [at(silent.port), page.url, /^--direct: 127\S+ answers HTTP 404/],
      [page.url, at(silent.port), /^127\S+ answers HTTP 404.* to look at$/],
      [stream.url, at(nobody.port), /^--direct: nobody is to be reached at 127/],
      [
        at(nobody.port),
        stream.url,
        /^nobody is to be reached at 127\S+ connection refused.*; directly there is a stream$/,
      ],
    ] as const;
    await Promise.all(
      refusals.map(([proxied, direct, message]) =>
        assert.rejects(lookAt(t, requestOf(proxied), requestOf(direct)), { exitCode: 14, message }),
      ),
    );
    // Long before the streams would have been looked at.
    assert.ok(performance.now() - startMs < 30_000);
    const proxy = new URL(at(nobody.port));
    const detour = requestOf('http://app.example/', { connection: { proxy: { http: proxy, noProxy: [] } } });
    await assert.rejects(lookAt(t, detour, requestOf(stream.url)), {
      message: new RegExp(`^nobody is to be reached at ${proxy.host}: `),
    });
  });

  test('tells what there is where it is interrupted', async (t) => {
    const stop = new AbortController();
    const { result } = await look(t, {
      watchMs: 60_000,
      signal: stop.signal,
      async onEndpoint({ sent }) {
        // Two along either way.
        await until(() => sent.length >= 4 && Math.min(...sent) >= 50);
        stop.abort();
      },
    });
    assert.equal(result.interrupted, true);
    assert.ok(result.results.some(({ probe }) => probe === 'response-headers'));
  });
});
