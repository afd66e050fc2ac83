import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { h2, measureHttp2 } from '../../../src/checks/probes/h2.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { startChecking } from '../checking.ts';
import { startHttp2Front } from '../http2-front.ts';

async function check(test: TestContext, faults: Parameters<typeof startHttp2Front>[2], patienceMs = 20_000) {
  const { direct, context } = await startChecking(test);
  const front = await startHttp2Front(test, context.origin.url, faults);
  const request = requestOf(front, { connection: { http: '2-prior-knowledge' } });
  const proxied = { ...direct, name: 'proxied', request } as const;
  const without = await measureHttp2(direct, context, { patienceMs: 20_000, stallMs: 200 });
  const through = await measureHttp2(proxied, context, { patienceMs, stallMs: 200 });
  return h2.judge(without, through, context);
}

describe('h2', () => {
  test('passes where every stream is served, and one is cancelled by itself', async (test) => {
    const { status, summary, proxied } = await check(test, {});
    assert.equal(status, 'pass');
    assert.equal(proxied.served, 150);
    assert.equal(typeof proxied.siblingMs, 'number');
    assert.match(summary, /^150 streams on one connection were served; a cancelled one ended in \d+ ms$/);
  });

  test('asks for no more streams than are announced', async (test) => {
    const { proxied } = await check(test, { maxConcurrentStreams: 20 });
    assert.equal(proxied.allowedStreams, 20);
    assert.equal(proxied.served, 20);
  });

  test('notes that fewer are announced than is recommended, and warns where a few tabs take them all', async (test) => {
    const [scarce, few] = await Promise.all(
      [8, 20].map((maxConcurrentStreams) => check(test, { maxConcurrentStreams })),
    );
    assert.deepEqual([scarce?.status, scarce?.fault, scarce?.onlyIf], ['warn', 'h2.few-streams', undefined]);
    assert.match(scarce?.summary ?? '', /^the proxy allows 8 streams at once on one connection/);
    assert.deepEqual([few?.status, few?.fault], ['warn', 'h2.few-streams']);
    assert.match(few?.onlyIf ?? '', /^only if a client has more than 20 requests open at once/);
    const { status } = await check(test, { maxConcurrentStreams: 100 });
    assert.equal(status, 'pass');
  });

  test('takes one that waits for the only place for none that another holds up', async (test) => {
    const { fault, summary } = await check(test, { maxConcurrentStreams: 1 });
    assert.equal(fault, 'h2.few-streams');
    assert.match(summary, /^the proxy allows 1 stream at once/);
  });

  test('finds streams that are announced and then starve', async (test) => {
    const { status, fault, evidence, summary } = await check(
      test,
      { startsAtMost: 6, maxConcurrentStreams: 100 },
      600,
    );
    assert.equal(status, 'fail');
    assert.equal(fault, 'h2.stream-limit');
    assert.deepEqual(evidence, [{ k: 'plateau', v: 6, n: 6, of: 12 }]);
    assert.equal(summary, '6 of 12 streams on one connection were served; the proxy announces 100');
  });

  test('waits for as long as one after the other has his turn', async (test) => {
    const { fault, proxied } = await check(test, { startsEveryMs: 100, maxConcurrentStreams: 12 }, 600);
    assert.deepEqual([fault, proxied.served], ['h2.few-streams', 12]);
  });

  test('takes no stream that waits for its turn for one that starves', async (test) => {
    await assert.rejects(check(test, { startsEveryMs: 300 }, 1_000), {
      why: /^of 12 streams on one connection [4-9] had to wait, and then came through beside those that ran/,
    });
  });

  test('has nothing to say where streams are refused', async (test) => {
    const answersItself = (nth: number) => (nth > 3 ? 503 : undefined);
    await assert.rejects(check(test, { answersItself }, 1_000), {
      why: /^\d+ of 12 streams on one connection had no answer of the origin's, but HTTP 503$/,
    });
  });

  test('fails where a cancelled stream is written on', async (test) => {
    const { status, fault } = await check(test, { ignoreCancel: true }, 5_000);
    assert.equal(status, 'fail');
    assert.equal(fault, 'client-gone.unnoticed');
  });

  test('fails where a stream that nobody reads holds up the others', async (test) => {
    const { status, fault } = await check(test, { stallsAll: true }, 5_000);
    assert.equal(status, 'fail');
    assert.equal(fault, 'h2.stalled-sibling');
  });

  test('does not take a proxy that holds events back for a full one', async (test) => {
    assert.equal((await check(test, { buffers: true }, 600)).status, 'pass');
  });

  test('has nothing to say where no HTTP/2 is spoken', async (test) => {
    const { proxied, context } = await startChecking(test);
    const { url } = proxied.request;
    const request = requestOf(url.href, { connection: { http: '2-prior-knowledge' } });
    await assert.rejects(measureHttp2({ ...proxied, request }, context, { patienceMs: 500, stallMs: 100 }), {
      why: 'the proxy speaks no HTTP/2 here',
    });
  });

  test('does not speak over http:// what no browser speaks there, unless it is asked to', async (test) => {
    const { direct, context } = await startChecking(test);
    const front = await startHttp2Front(test, context.origin.url, {});
    const proxied = { ...direct, name: 'proxied', request: requestOf(front) } as const;
    await assert.rejects(measureHttp2(proxied, context, { patienceMs: 500, stallMs: 100 }), {
      why: 'over http:// no browser speaks HTTP/2; --http2-prior-knowledge checks it nevertheless',
    });
  });
});
