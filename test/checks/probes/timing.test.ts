import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Arrivals } from '../../../src/checks/lateness/arrivals.ts';
import { NotMeasurable } from '../../../src/checks/not-measurable.ts';
import { judgeTiming, timing } from '../../../src/checks/probes/timing.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { judged } from '../judged.ts';

/** As the origin sends them: 60, 100, then 140 ms apart. */
const SENT_MS = [0, 60, 120, 180, 240, 300, 400, 500, 600, 700, 800, 940, 1080, 1220, 1360];

function arrived(arrivalsMs: readonly number[], changes: Partial<Arrivals> = {}): Arrivals {
  return {
    ...{ sentMs: SENT_MS, arrivalsMs, expected: 15, bursts: new Set(arrivalsMs).size },
    ...{ endMs: 1500, framing: 'chunked', encoding: 'identity' },
    ...changes,
  };
}

const late = (ms: number) => arrived(SENT_MS.map((at) => at + ms));
const DIRECT = late(0.5);

describe('the judgement of the timing', () => {
  test('passes what is no later than directly, and a way that is long', () => {
    assert.equal(judgeTiming(DIRECT, late(3)).status, 'pass');
    const { status, summary } = judgeTiming(DIRECT, late(180));
    assert.equal(status, 'pass');
    assert.match(summary, /on a way that takes 180 ms/);
  });

  test('fails nobody where the machine is slow both ways', () => {
    const jerky = arrived(SENT_MS.map((at, index) => at + (index % 3 === 0 ? 300 : 1)));
    assert.equal(judgeTiming(jerky, jerky).status, 'pass');
  });

  test('blames no proxy for events that a busy machine makes late now and then', () => {
    const hiccups = arrived(SENT_MS.map((at, index) => at + (index % 5 === 2 ? 140 : 1)));
    const { status, summary } = judgeTiming(DIRECT, hiccups);
    assert.equal(status, 'pass');
    assert.match(summary, /three in four no more than 1 ms late/);
  });

  test('takes no buffer for what a busy machine makes late where others come at once by themselves', () => {
    // Behind Varnish, which holds nothing; both processors were loaded, and the origin itself sent late.
    const behindVarnish = [
      {
        sentMs: [0, 109, 253, 253, 385, 452, 599, 669, 844, 905, 954, 1163, 1240, 1469, 1469],
        arrivalsMs: [2, 110, 386, 386, 386, 481, 601, 756, 860, 939, 972, 1314, 1314, 1871, 1871],
      },
      {
        sentMs: [0, 202, 202, 292, 537, 646, 880, 914, 1133, 1133, 1376, 1518, 1766, 1766, 1910],
        arrivalsMs: [38, 293, 293, 538, 538, 760, 924, 924, 1270, 1270, 1377, 1519, 1790, 1790, 1933],
      },
    ];
    for (const { sentMs, arrivalsMs } of behindVarnish) {
      const { status, summary } = judgeTiming(DIRECT, arrived(arrivalsMs, { sentMs }));
      assert.equal(status, 'pass', summary);
      assert.match(summary, /\d that came at once by themselves show that nothing holds the others$/);
    }
  });

  test('tells a buffer that waits for the end', () => {
    const { status, fault, summary } = judgeTiming(DIRECT, arrived(SENT_MS.map(() => 1505)));
    assert.deepEqual([status, fault], ['fail', 'buffer.until-end']);
    assert.match(summary, /in 1 piece when the last had been sent, the first of them 1\.50 s late/);
  });

  test('tells what holds each for as long from what waits for the end, and from a long way', () => {
    const held = arrived(late(1_500).arrivalsMs, { headLagMs: 2 });
    const { status, fault, summary, evidence } = judgeTiming(DIRECT, held);
    assert.deepEqual([status, fault], ['fail', 'buffer.timer']);
    assert.match(summary, /as far apart as they were sent, each 1\.50 s later than the head/);
    assert.deepEqual(evidence.at(-1), { k: 'eachHeldMs', v: 1_498 });
    const far = judgeTiming(DIRECT, arrived(late(1_500).arrivalsMs, { headLagMs: 1_498 }));
    assert.deepEqual([far.status, far.fault], ['pass', undefined]);
  });

  test('fails where events are missing', () => {
    const { status, fault, summary } = judgeTiming(
      DIRECT,
      arrived([], { sentMs: [], bursts: 0, framing: 'none' }),
    );
    assert.deepEqual([status, fault], ['fail', 'buffer.until-end']);
    assert.match(summary, /none came/);
  });

  test('tells a timer, and its period', () => {
    const flushed = (period: number) => arrived(SENT_MS.map((at) => Math.ceil((at + 1) / period) * period));
    const { status, fault, evidence } = judgeTiming(DIRECT, flushed(200));
    assert.deepEqual([status, fault], ['warn', 'buffer.timer']);
    assert.deepEqual(evidence.at(-1), { k: 'batchEveryMs', v: 200 });
    assert.equal(judgeTiming(DIRECT, flushed(100)).fault, 'buffer.timer');
  });

  test('tells a timer that is longer than what is sent, by what comes into silence', () => {
    const atTheEnd = arrived(
      SENT_MS.map(() => 1_505),
      { bursts: 1, letGo: { heldMs: 4_951, everyMs: 5_002 } },
    );
    const { status, fault, summary, evidence } = judgeTiming(DIRECT, atTheEnd);
    assert.deepEqual([status, fault], ['fail', 'buffer.timer']);
    assert.match(summary, /in 1 piece, up to 1\.50 s late; while an answer is open they come every 5\.00 s/);
    assert.deepEqual(evidence.slice(-2), [
      { k: 'batchEveryMs', v: 5_002 },
      { k: 'heldInSilenceMs', v: 4_951 },
    ]);
    // Not what is held otherwise, or not at all.
    const letGo = { heldMs: 4_951 };
    assert.equal(judgeTiming(DIRECT, { ...late(3), letGo }).status, 'pass');
  });

  test('tells an answer that begins late as a whole', () => {
    const changes = { bursts: 1, letGo: { heldMs: 2_440, isBeginning: true } } as const;
    const { status, fault, summary } = judgeTiming(
      DIRECT,
      arrived(
        SENT_MS.map(() => 2_470),
        changes,
      ),
    );
    assert.deepEqual([status, fault], ['fail', 'headers.late']);
    assert.match(
      summary,
      /in 1 piece, up to 2\.47 s late; an answer that is left open begins 2\.44 s late, and what is/,
    );
  });

  test('takes the period of one that runs by itself from what is between batches', () => {
    // Every 300 ms, whenever an answer begins: the first of each batch waited 240 to 290 ms.
    const flushed = SENT_MS.map((at) => Math.ceil((at + 40) / 300) * 300 - 30);
    assert.deepEqual(judgeTiming(DIRECT, arrived(flushed)).evidence.at(-1), { k: 'batchEveryMs', v: 300 });
  });

  test('tells a timer that starts with what it holds, on a busy machine as well', () => {
    // Behind HAProxy, both processors loaded.
    const sentMs = [0, 80, 160, 240, 320, 400, 500, 600, 700, 800, 900, 1020, 1140, 1260, 1380];
    const lags = [202, 123, 28, 209, 127, 50, 211, 108, 210, 119, 19, 216, 95, 207, 86];
    const { fault, evidence } = judgeTiming(
      DIRECT,
      arrived(
        sentMs.map((at, index) => at + (lags[index] ?? 0)),
        { sentMs },
      ),
    );
    assert.equal(fault, 'buffer.timer');
    assert.deepEqual(evidence.at(-1), { k: 'batchEveryMs', v: 210 });
  });

  test('tells one that holds the last event back until the next', () => {
    const behind = arrived(SENT_MS.map((_, index) => (SENT_MS[index + 1] ?? 1500) + 1));
    const { status, fault } = judgeTiming(DIRECT, behind);
    assert.deepEqual([status, fault], ['fail', 'buffer.one-behind']);
  });

  test('tells it though a busy machine makes some of them later still', () => {
    // Behind a proxy that holds each until the next, beside a whole check; sent 80, 100, then 120 ms apart.
    const sentMs = [0, 80, 160, 240, 320, 400, 500, 600, 700, 800, 900, 1020, 1140, 1260, 1380];
    const arrivalsMs = [82, 163.3, 248.3, 320.5, 399.7, 543.9, 600.1, 699.8, 799.2, 899].concat([
      1018.5, 1138.4, 1258.8, 1378.3, 1498.7,
    ]);
    const { status, fault, summary } = judgeTiming(DIRECT, arrived(arrivalsMs, { sentMs }));
    assert.deepEqual([status, fault], ['fail', 'buffer.one-behind'], summary);
    assert.match(summary, /each when the next was sent, up to 1\d\d ms late/);
    // The same, where six others want the processors; the first came with the head.
    const loaded = [14.7, 190.9, 245, 245, 314, 568.3, 615.9, 615.9, 724.7, 804.5, 944.5, 1133.5].concat([
      1227.5, 1363.8, 1504.7,
    ]);
    assert.equal(judgeTiming(DIRECT, arrived(loaded)).fault, 'buffer.one-behind');
  });

  test('tells a buffer that fills now and then', () => {
    const until = (last: number) => (SENT_MS[last] ?? 0) + 1;
    const filled = arrived(SENT_MS.map((_, index) => until(index < 6 ? 6 : index < 11 ? 11 : 14)));
    const { status, fault } = judgeTiming(DIRECT, filled);
    assert.deepEqual([status, fault], ['fail', 'buffer.threshold']);
  });
});

describe('the probe of the timing', () => {
  test('measures nothing where events are changed', async (test) => {
    const { proxied, context } = await startChecking(test, { changeBytes: (text) => text.replace('{', '<') });
    await assert.rejects(timing.measure(proxied, context), NotMeasurable);
  });

  const through = async (test: TestContext, faults: ProxyFaults) =>
    judged(timing, await startChecking(test, faults));

  test('finds what a proxy does', { timeout: 30_000 }, async (test) => {
    const [clean, buffered, beating, slow, behind] = await Promise.all([
      through(test, {}),
      through(test, { bufferUntilEnd: true }),
      through(test, { flushEveryMs: 250 }),
      through(test, { flushEveryMs: 2_000 }),
      through(test, { oneBehind: true }),
    ]);
    assert.equal(clean.fault, undefined, clean.summary);
    assert.equal(buffered.fault, 'buffer.until-end', buffered.summary);
    assert.equal(beating.fault, 'buffer.timer', beating.summary);
    assert.equal(slow.fault, 'buffer.timer', slow.summary);
    const everyMs = Number(slow.evidence.find(({ k }) => k === 'batchEveryMs')?.v);
    assert.ok(Math.abs(everyMs - 2_000) < 200, slow.summary);
    assert.equal(behind.fault, 'buffer.one-behind', behind.summary);
  });

  test('fails a proxy that gives up what the origin had begun, with an error of its own', async (test) => {
    const { status, fault, summary, evidence } = await through(test, { wholeWithinMs: 400 });
    assert.deepEqual([status, fault], ['fail', 'buffer.until-end']);
    assert.match(summary, /^of 15 events, 100 ms apart, none came: \d+ ms after .* answered HTTP 504 itself/);
    assert.deepEqual(
      evidence.find(({ k }) => k === 'givenUpWith'),
      { k: 'givenUpWith', v: 504 },
    );
  });
});
