import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureShare, share } from '../../../src/checks/probes/share.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const PACE = { lifeMs: 300, secondAfterMs: 100 };

describe('the probe of shared streams', { concurrency: true }, () => {
  test('passes where every client gets its own', async (t) => {
    const { status, direct, proxied } = await judgedShare(t, {});
    assert.equal(status, 'pass');
    assert.deepEqual(direct, { streams: 18, shared: 0, replayed: 0, waited: 0 });
    assert.deepEqual(proxied, direct);
  });

  test('tells where a cache is there, which may treat requests with a query in another way', async (t) => {
    const { status, onlyIf } = await judgedShare(t, { addHeaders: { 'X-Cache': 'BYPASS' } });
    assert.equal(status, 'pass');
    assert.match(
      onlyIf ?? '',
      /^only if no rule of the cache \(x-cache: BYPASS\) leaves out what has a query/i,
    );
    assert.equal((await judgedShare(t, {})).onlyIf, undefined);
  });

  test('passes where answers are held until their end', async (t) => {
    const { status } = await judgedShare(t, { bufferUntilEnd: true });
    assert.equal(status, 'pass');
  });

  test('fails where what is not public is shared and replayed', async (t) => {
    const { status, fault, summary, proxied } = await judgedShare(t, {
      cache: (headers) => headers['cache-control'] === undefined,
    });
    assert.equal(status, 'fail');
    assert.equal(fault, 'cache.shared');
    assert.deepEqual(proxied, { streams: 18, shared: 2, replayed: 2, waited: 0 });
    assert.equal(
      summary,
      'the stream of one client was given to a second client at the same time and to a third one later: no Cache-Control, no cookie; no Cache-Control, cookies',
    );
  });

  test('warns where only what is public is', async (t) => {
    const { status, fault } = await judgedShare(t, {
      cache: (headers) => headers['cache-control']?.includes('public') === true,
    });
    assert.equal(status, 'warn');
    assert.equal(fault, 'cache.shared-when-public');
  });

  test('fails where a second client waits for the end of the first', () => {
    const trio = {
      cacheability: 'none',
      cookie: false,
      shared: false,
      replayed: false,
      waited: false,
    } as const;
    const { status, fault, evidence } = share.judge([trio], [{ ...trio, waited: true }], undefined as never);
    assert.equal(status, 'fail');
    assert.equal(fault, 'cache.waits-for-first');
    assert.deepEqual(evidence, [{ k: 'waited', v: 'no Cache-Control, no cookie' }]);
  });

  test('takes nobody who is refused for one who waits', async (t) => {
    // Of three trios the first ones come first, and then the second ones.
    const { context, proxied } = await startChecking(t, {
      answersItself: (nth) => (nth >= 3 && nth < 6 ? 429 : undefined),
    });
    await assert.rejects(measureShare(proxied, context, PACE), {
      why: 'the second of three clients got no stream: HTTP 429',
    });
  });

  test('sees who waits for the stream of another', async (t) => {
    const { context, proxied } = await startChecking(t, { locksUrls: true });
    const trios = await measureShare(proxied, context, PACE);
    assert.deepEqual(
      trios.map(({ waited, shared }) => ({ waited, shared })),
      Array.from({ length: 6 }, () => ({ waited: true, shared: false })),
    );
  });

  test('takes nobody who waits for a place for one who waits for a stream', async (t) => {
    // Of three pairs of clients the first ones take the places, and the second ones wait.
    const { status } = await judgedShare(t, { maxConnections: 3 });
    assert.equal(status, 'pass');
  });

  test('takes nobody who waits for his turn for one who waits for a stream', async (t) => {
    // The second ones are passed on just when the streams of the first ones end, and so are all after them.
    const { status } = await judgedShare(t, { delayRequestMs: (nth) => (nth < 3 ? 0 : 250) });
    assert.equal(status, 'pass');
  });
});

async function judgedShare(t: Parameters<typeof startChecking>[0], faults: ProxyFaults) {
  const { direct, proxied, context } = await startChecking(t, faults);
  return share.judge(
    await measureShare(direct, context, PACE),
    await measureShare(proxied, context, PACE),
    context,
  );
}
