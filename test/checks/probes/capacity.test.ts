import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { capacity, measureCapacity } from '../../../src/checks/probes/capacity.ts';
import type { ProbeContext } from '../../../src/checks/ways/way.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

async function check(test: TestContext, faults: ProxyFaults, patienceMs = 600) {
  const { direct, proxied, context } = await startChecking(test, faults, { maxConnections: 12 });
  const without = await measureCapacity(direct, context, 5_000);
  const through = await measureCapacity(proxied, context, patienceMs);
  assert.equal(context.pool.size, 0);
  return capacity.judge(without, through, context);
}

describe('capacity', () => {
  test('passes where all have their events', async (test) => {
    const { status, direct, proxied } = await check(test, {}, 5_000);
    assert.equal(status, 'pass');
    for (const { served, reachedOrigin } of [direct, proxied])
      assert.deepEqual({ served, reachedOrigin }, { served: 12, reachedOrigin: 12 });
  });

  test('finds the number beyond which streams wait', async (test) => {
    const { status, fault, evidence, summary } = await check(test, { maxConnections: 5 });
    assert.equal(status, 'fail');
    assert.equal(fault, 'capacity.limit');
    assert.deepEqual(evidence, [
      { k: 'plateau', v: 5, n: 5, of: 12 },
      { k: 'streamsBesides', v: 0 },
      { k: 'othersFate', v: 'waits', n: 7, of: 7 },
    ]);
    assert.equal(summary, '5 of 12 streams were served at once; the others: 7 waited');
  });

  test('finds the number beyond which they are refused, and goes on to be', async (test) => {
    const { fault, evidence } = await check(test, { maxConnections: 5, refusesBeyond: 503 }, 1_500);
    assert.equal(fault, 'capacity.limit');
    assert.deepEqual(evidence.at(-1), { k: 'othersFate', v: 'status 503', n: 7, of: 7 });
  });

  test('does not take a limit on how often is asked for one on how many run', async (test) => {
    // Of those that are tried again every other one is refused, and the next, a second later, is not.
    const answersItself = (nth: number) =>
      (nth >= 5 && nth < 12) || (nth > 12 && nth % 2 === 1) ? 429 : undefined;
    await assert.rejects(check(test, { answersItself }, 2_000), {
      why: /some were not served \(7 HTTP 429\), and others that came later were/,
    });
  });

  test('leaves open what is limited where one that came later was served and the last were not', async (test) => {
    const answersItself = (nth: number) => (nth >= 5 && nth !== 13 ? 503 : undefined);
    await assert.rejects(check(test, { answersItself }, 2_000), {
      why: /of those that came later some were and others were not, with 6 at once at last: whether it is their number/,
    });
  });

  test('does not take a limit on how often is asked for one on how many run, where it lets others wait', async (test) => {
    const delayRequestMs = (nth: number) => nth * 150;
    await assert.rejects(check(test, { delayRequestMs }, 1_200), {
      why: /^of 12 streams at once [345] had to wait, and then came through beside those that ran, some [567](\.\d)? a second: /,
    });
  });

  test('finds no number where refusals stop while more are tried', async (test) => {
    const answersItself = (nth: number) => (nth >= 3 && nth < 12 ? 429 : undefined);
    const delayRequestMs = (nth: number) => (nth < 3 ? 0 : 300);
    await assert.rejects(check(test, { answersItself, delayRequestMs }, 1_500), {
      why: /some were not served \(9 HTTP 429\), and others that came later were/,
    });
  });

  test('finds no number where the last one that is tried in time is served late, as on a busy machine', async (test) => {
    const answersItself = (nth: number) => (nth >= 3 && nth < 12 ? 429 : undefined);
    // Of those that are passed on.
    const delayRequestMs = (nth: number) => (nth < 3 ? 0 : nth === 6 ? 1_500 : 300);
    await assert.rejects(check(test, { answersItself, delayRequestMs }, 1_500), {
      why: /some were not served \(9 HTTP 429\), and others that came later were/,
    });
  });

  test('calls no number a limit where none at all is served', async (test) => {
    await assert.rejects(check(test, { answersItself: () => 503 }, 1_200), {
      why: 'none of 12 streams at once was served (12 HTTP 503), nor one that came later',
    });
  });

  test('counts none that has an error of the proxy in place of what the origin had begun', async (test) => {
    await assert.rejects(check(test, { wholeWithinMs: 200 }, 1_200), {
      why: 'none of 12 streams at once was served (12 HTTP 504), nor one that came later',
    });
  });

  test('tries again where none is served at first', async (test) => {
    const answersItself = (nth: number) => (nth < 12 || nth === 13 ? 429 : undefined);
    const { status, summary } = await check(test, { answersItself }, 2_000);
    assert.equal(status, 'pass');
    assert.match(
      summary,
      /^12 streams were open at once, though some only when they came again \(12 HTTP 429\)$/,
    );
  });

  test('counts no stream for served at once that had the place of one that was cut', async (test) => {
    const { fault, evidence } = await check(test, { maxConnections: 5, lifetimeMs: 400 }, 1_200);
    assert.equal(fault, 'capacity.limit');
    assert.deepEqual(evidence[0], { k: 'plateau', v: 5, n: 5, of: 12 });
  });

  test('takes nobody who is one event behind for one that has no place', async (test) => {
    const { status, proxied } = await check(test, { oneBehind: true }, 1_200);
    assert.equal(status, 'pass');
    assert.equal(proxied.reachedOrigin, 12);
  });

  test('passes where all are open in the end', async (test) => {
    const answersItself = (nth: number) => (nth === 5 ? 503 : undefined);
    const { status, summary } = await check(test, { answersItself }, 1_500);
    assert.equal(status, 'pass');
    assert.match(
      summary,
      /^12 streams were open at once.*, though some only when they came again \(1 HTTP 503\)$/,
    );
  });

  test('does not take a proxy that holds events back for a full one', async (test) => {
    const { status, proxied } = await check(test, { bufferUntilEnd: true, holdHeaders: true });
    assert.equal(status, 'pass');
    assert.equal(proxied.served, 0);
    assert.equal(proxied.reachedOrigin, 12);
  });
});

describe('the judging of capacity', () => {
  const all = {
    streams: 50,
    besides: 0,
    served: 50,
    asked: 50,
    slowestMs: 20,
    others: {},
    gaveWay: false,
  };
  const judge = (direct: object, proxied: object) =>
    capacity.judge({ ...all, ...direct }, { ...all, ...proxied }, {} as ProbeContext);

  test('names what became of those beyond the limit', () => {
    const { summary, evidence } = judge(
      {},
      { besides: 16, served: 40, asked: 40, others: { 'status 503': 8, protocol: 2 } },
    );
    assert.equal(
      summary,
      '40 of 50 streams were served at once, besides 16 of other probes; the others: 8 HTTP 503, 2 closed without an answer',
    );
    assert.deepEqual(evidence.at(-1), { k: 'othersFate', v: 'status 503', n: 8, of: 10 });
  });

  test('counts those whose event is held back as served', () => {
    assert.equal(judge({}, { served: 31, others: { waits: 19 } }).status, 'pass');
  });

  test('says of streams that are over at once that they are', () => {
    assert.throws(() => judge({}, { served: 0, asked: 0 }), {
      why: 'none of 50 streams at once was served (each was over with its event), nor one that came later',
    });
  });

  test('blames no proxy for the limit of the origin', () => {
    assert.equal(
      judge({ served: 30, asked: 30 }, { served: 30, asked: 30, others: { waits: 20 } }).status,
      'pass',
    );
    assert.equal(
      judge({ served: 30, asked: 30 }, { served: 10, asked: 10, others: { waits: 40 } }).status,
      'fail',
    );
  });
});
