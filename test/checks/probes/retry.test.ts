import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { observe } from '../../../src/checks/observation/observe.ts';
import { retry } from '../../../src/checks/probes/retry.ts';
import { scripted } from '../../../src/checks/ways/scripted.ts';
import { type Checking, startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { judged } from '../judged.ts';

describe('the probe of repeated requests', () => {
  test('passes where the origin gets each once, and the client an error', async (t) => {
    const { status, direct, proxied } = await judged(retry, await startChecking(t));
    assert.equal(status, 'pass');
    assert.deepEqual(direct, { getHits: 1, getStatus: null, postHits: 1, postStatus: null });
    assert.deepEqual(proxied, { getHits: 1, getStatus: 502, postHits: 1, postStatus: 502 });
  });

  test('warns where a GET is repeated', async (t) => {
    const { status, fault, evidence } = await judged(retry, await startChecking(t, { retry: ['GET'] }));
    assert.equal(status, 'warn');
    assert.equal(fault, 'retry.repeated');
    assert.deepEqual(evidence, [
      { k: 'getHits', v: 2 },
      { k: 'postHits', v: 1 },
      { k: 'repeatedOnReused', v: false },
    ]);
  });

  test('waits where the proxy takes the origin for dead after one failure, and tells for how long', async (t) => {
    const answersItself = (nth: number) => (nth === 1 || nth === 2 ? 503 : undefined);
    const { status, summary, onlyIf, proxied } = await judged(
      retry,
      await startChecking(t, { answersItself }),
    );
    assert.equal(status, 'pass');
    assert.deepEqual([proxied.getHits, proxied.postHits, proxied.deadStatus], [1, 1, 503]);
    assert.ok(Number(proxied.deadMs) >= 999, `${proxied.deadMs}`);
    assert.match(summary, /once each; the proxy took the origin for dead after that, and answered HTTP 503/);
    assert.match(onlyIf ?? '', /^only if .* answered HTTP 503 itself for 1(\.\d)? s \(nginx: max_fails/);
  });

  test('judges by the GET where the proxy takes the origin for dead from then on', () => {
    const once = { hits: 1, onReused: false, status: 502 };
    const death = { status: 502 };
    const { status, summary, proxied } = retry.judge(
      { GET: once, POST: once },
      { GET: once, death },
      undefined as never,
    );
    assert.equal(status, 'pass');
    assert.match(summary, /^a GET that the origin did not answer reached it once; the proxy took/);
    assert.equal(proxied.postHits, undefined);
  });

  test('allows to repeat a GET that was lost on a connection which had served before', async (t) => {
    const { status, evidence, summary, proxied } = await judged(
      retry,
      await startUsed(t, { keepAlive: true, retry: ['GET'] }),
    );
    assert.equal(proxied.getHits, 2);
    assert.equal(status, 'pass');
    assert.deepEqual(evidence.at(-1), { k: 'repeatedOnReused', v: true });
    assert.match(summary, /^the origin got the GET 2 times, as may be: .*RFC 9112/);
  });

  test('allows no such thing to a POST', async (t) => {
    const checking = await startUsed(t, { keepAlive: true, retry: ['GET', 'POST'] });
    const { status, fault, proxied } = await judged(retry, checking);
    assert.deepEqual([status, fault, proxied.postHits], ['fail', 'retry.repeated', 2]);
  });

  test('fails where a POST is', async (t) => {
    const { status, summary } = await judged(retry, await startChecking(t, { retry: ['GET', 'POST'] }));
    assert.equal(status, 'fail');
    assert.equal(summary, 'the origin did not answer, and got the GET 2 times, the POST 2 times');
  });
});

/** A proxy whose connections to the origin have all served before: one for each method. */
async function startUsed(test: TestContext, faults: ProxyFaults): Promise<Checking> {
  const checking = await startChecking(test, faults);
  const { proxied, context } = checking;
  const { pool, signal } = context;
  const whole = () =>
    observe(pool, scripted(proxied, { steps: [{ do: 'wait', ms: 100 }] }).request, { forMs: 5_000, signal });
  const seen = await Promise.all([whole(), whole()]);
  assert.deepEqual(
    seen.map(({ end }) => end?.info.reason),
    ['eof', 'eof'],
  );
  return checking;
}
