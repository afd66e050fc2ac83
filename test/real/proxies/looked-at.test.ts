import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { PASSIVE_PROBES } from '../../../src/checks/passive/registry.ts';
import { runPassive } from '../../../src/checks/passive/run-passive.ts';
import { createPool } from '../../../src/client/pool.ts';
import type { CheckResult, ProbeResult } from '../../../src/results/check/result.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';
import { haproxy } from './products/haproxy.ts';
import { products } from './products.ts';
import { missingProxy, startProxy } from './real-proxy.ts';
import { TAKEN_FOR } from './taken-for.ts';

describe('a stream that is looked at alone', { concurrency: 4 }, () => {
  for (const product of products) {
    test(`tells ${product.name} from others`, { skip: missingProxy(product) }, async (t) => {
      const url = await startProxy(t, product, 'default', await startApplication(t, busy));
      const { path } = await lookAt(t, url, 'response-headers');
      assert.equal(path.guess?.name, TAKEN_FOR[product.name], JSON.stringify(path));
    });
  }

  const skip = missingProxy(haproxy);

  test('of HAProxy is told what mends a limit on silence there and in the application', {
    skip,
  }, async (t) => {
    const quiet = (answer: ServerResponse) => answer.writeHead(200, HEADERS).write(':\n\n');
    const url = await startProxy(t, haproxy, 'impatient', await startApplication(t, quiet));
    const { idle, path, skipped } = await silenceAt(t, url);
    assert.deepEqual([idle?.fault, idle?.status], ['idle.cut', 'fail'], JSON.stringify({ idle, skipped }));
    assert.ok((path.guess?.confidence ?? 1) < 0.5);
    const places = idle?.fixes.map(({ where }) => where) ?? [];
    assert.ok(places.includes('HAProxy, defaults') && places.includes('origin'), places.join());
    assert.ok(!idle?.fixes.some(({ place = '' }) => /h2o|nginx/.test(place)), places.join());
  });

  test('of HAProxy that gives up before a head is told how long it waited, and what to do', {
    skip,
  }, async (t) => {
    const url = await startProxy(t, haproxy, 'impatient', await startApplication(t, () => {}));
    await assert.rejects(lookAt(t, url, 'idle'), {
      exitCode: 14,
      // It counts from when it has the connection, and we from when it is written to.
      message: / answers HTTP 504 .* after (?:1\.9|2\.)\d* s: .*\(idle\.cut-before-headers\)$/,
      hint: /Raise the limit of HAProxy, defaults: timeout client 1h, timeout server 1h; or have .* --direct '/,
    });
  });
});

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

/** Enough to make everybody let go of it. */
function busy(answer: ServerResponse): void {
  answer.writeHead(200, HEADERS);
  const writing = setInterval(() => answer.write(`data: ${'x'.repeat(8_000)}\n\n`), 20);
  const ending = setTimeout(() => answer.end(), 1_000);
  answer.once('close', () => {
    clearInterval(writing);
    clearTimeout(ending);
  });
}

async function startApplication(t: TestContext, serve: (answer: ServerResponse) => void): Promise<string> {
  const { port } = await listen(
    t,
    createServer((_request, answer) => serve(answer)),
  );
  return `http://127.0.0.1:${port}/`;
}

/** On a machine that is busy enough, two streams aren't cut after the same silence as it sees it, and nothing is told: then again. */
async function silenceAt(
  t: TestContext,
  url: string,
): Promise<CheckResult & { idle: ProbeResult | undefined }> {
  for (let attempts = 1; ; attempts++) {
    const seen = await lookAt(t, url, 'idle');
    const [idle] = seen.results;
    if (idle !== undefined || attempts === 3) return { ...seen, idle };
  }
}

function lookAt(t: TestContext, url: string, only: string): Promise<CheckResult> {
  const pool = createPool();
  t.after(() => pool.close());
  return runPassive({
    ...{ target: url, request: requestOf(url), pool, version: '0', watchMs: 5_000, signal: t.signal },
    probes: PASSIVE_PROBES.filter(({ id }) => id === only),
    ...{ skipped: [], onProgress() {} },
    options: {
      ...{ heartbeatMs: 15_000, isHeartbeatAssumed: true, silencesMs: [], maxConnections: 50, long: false },
    },
  });
}
