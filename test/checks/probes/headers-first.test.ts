import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { TooBusy } from '../../../src/checks/not-measurable.ts';
import { judgeHeadersFirst, measureHeadersFirst } from '../../../src/checks/probes/headers-first.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const SILENCE_MS = 700;

/**
 * Milliseconds until the head came, until the request was there before, and how long before the body it came, where that was
 * waited for; those of X-Accel-Buffering last.
 */
type Head = readonly [headMs: number, thereMs: number, aheadMs?: number];

function saw(...all: readonly Head[]) {
  const heads = all.map(([headMs, thereMs, aheadMs]) => ({
    ...{ headMs, thereMs },
    ...(aheadMs !== undefined && { aheadMs }),
  }));
  const [xab] = heads.slice(3);
  return { heads: heads.slice(0, 3), ...(xab !== undefined && { xab }), silenceMs: 1_500 };
}

const DIRECT = saw([1, 1], [1, 2], [3, 1], [1, 1]);

describe('the probe of the head', () => {
  const through = async (test: TestContext, faults: ProxyFaults) => {
    const { direct, proxied, context } = await startChecking(test, faults);
    const once = async () => {
      const [without, behind] = await Promise.all([
        measureHeadersFirst(direct, context, SILENCE_MS),
        measureHeadersFirst(proxied, context, SILENCE_MS),
      ]);
      return judgeHeadersFirst(without, behind);
    };
    for (let time = 1; ; time += 1) {
      try {
        return await once();
      } catch (error) {
        // As a run measures again.
        if (!(error instanceof TooBusy) || time === 4) throw error;
      }
    }
  };

  test('passes a head that comes by itself, and fails one that waits for the body', async (test) => {
    assert.equal((await through(test, {})).status, 'pass');
    const { status, fault, summary } = await through(test, { holdHeaders: true });
    assert.deepEqual([status, fault], ['fail', 'buffer.headers']);
    assert.match(summary, /waited for the first event/);
  });

  test('names a head that a kernel holds for 200 ms by its timer', async (test) => {
    const { status, fault, summary, evidence } = await through(test, { delayHeadersMs: () => 200 });
    assert.deepEqual([status, fault], ['warn', 'buffer.timer']);
    assert.match(summary, /^the head came \d+ ms late, and before the first event: it waited for a timer/);
    const [late] = evidence;
    assert.equal(late?.k, 'headLateMs');
    assert.ok(Number(late?.v) >= 190, String(late?.v));
  });

  test('names a head that is held for longer than the body is silent by its timer', async (test) => {
    const { status, fault, summary, evidence } = await through(test, { delayHeadersMs: () => 1_500 });
    assert.deepEqual([status, fault], ['fail', 'buffer.timer'], summary);
    assert.match(
      summary,
      /; behind one that stays open and silent it came after 1\.5\d s: it waited for a timer/,
    );
    assert.ok(Number(evidence.find(({ k }) => k === 'headLateMs')?.v) >= 1_490, summary);
  });

  test('takes one head of several that is late for the doing of a busy machine', () => {
    assert.equal(judgeHeadersFirst(DIRECT, saw([400, 1], [1, 1], [2, 1])).status, 'pass');
  });

  test('takes one head of several that comes at once for no proof that none is held', () => {
    assert.equal(judgeHeadersFirst(DIRECT, saw([204, 1], [1, 1], [203, 1])).fault, 'buffer.timer');
  });

  test('takes a long way for no holding', async (test) => {
    const far = { delayRequestMs: () => 200, delayHeadersMs: () => 200 };
    assert.equal((await through(test, far)).status, 'pass');
  });

  test('takes a head for one that waits for the body, however late a busy machine takes in the request', () => {
    assert.equal(judgeHeadersFirst(saw([1, 1]), saw([1_501, 351])).fault, 'buffer.headers');
  });

  test('tells for how long a head waited by the body that came with it, however long its way was', () => {
    // Behind http-proxy, at a machine with ten times as much to do as it could: the way there took the requests as long.
    const direct = saw([48, 20], [60, 25], [55, 30], [50, 40]);
    const late: Head = [1_749, 1_505, 4];
    const held = judgeHeadersFirst(direct, saw(late, late, late, late));
    assert.deepEqual([held.status, held.fault], ['fail', 'buffer.headers']);
    assert.match(held.summary, /^the head waited for the first event, 1\.50 s later/);
    assert.equal(held.evidence.find(({ k }) => k === 'headLateMs')?.v, 1_496);
    const longer: Head = [1_749, 1_730, 4];
    assert.equal(judgeHeadersFirst(direct, saw(longer, longer, longer)).fault, 'buffer.headers');
    // Directly they came with it as well: the client was late to read.
    assert.throws(() => judgeHeadersFirst(saw(late), saw([1_999, 1_505, 4])), TooBusy);
  });

  test('takes a head that came long before the body for none that waits for it, however long its way was', () => {
    const far = (headMs: number): Head => [headMs, 1_505, 1_490];
    const { status, fault } = judgeHeadersFirst(DIRECT, saw(far(1_749), far(1_740), far(1_760)));
    assert.deepEqual([status, fault], ['warn', 'buffer.timer']);
    assert.equal(judgeHeadersFirst(DIRECT, saw(far(1_510), far(1_500), far(1_520))).status, 'pass');
  });

  test('takes a head for a held one where requests are as late directly: the machine is busy', () => {
    assert.equal(judgeHeadersFirst(saw([30, 150]), saw([240, 170])).fault, 'buffer.timer');
    // Behind HAProxy, one of the direct requests sooner than the others.
    const direct = saw([12, 230], [0, 245], [2, 248], [0, 130]);
    assert.equal(
      judgeHeadersFirst(direct, saw([212, 269], [224, 247], [215, 248], [205, 136])).fault,
      'buffer.timer',
    );
  });

  test('tells nothing where the machine itself is as late as a timer', () => {
    // Behind HAProxy, at a machine with four times as much to do as it could.
    const behind = {
      direct: saw([3, 1_029], [114, 1_002], [129, 1_085], [38, 1_358]),
      proxied: saw([349, 1_062], [237, 1_117], [213, 1_260], [190, 1_397]),
    };
    assert.throws(() => judgeHeadersFirst(behind.direct, behind.proxied), TooBusy);
    // A proxy that holds nothing, as busy.
    const free = saw([140, 1_062], [237, 1_117], [3, 1_260], [190, 1_397]);
    assert.throws(() => judgeHeadersFirst(behind.direct, free), TooBusy);
  });

  test('tells whether X-Accel-Buffering: no lets a head go that waits for the body', async (test) => {
    const freed = async (faults: ProxyFaults) =>
      (await through(test, faults)).evidence.find(({ k }) => k === 'xabCuresHead')?.v;
    const seen = await Promise.all([
      freed({ holdHeaders: true, accelBuffering: 'cures' }),
      freed({ holdHeaders: true }),
      freed({}),
    ]);
    assert.deepEqual(seen, [true, false, undefined]);
  });

  test('judges by what the direct way takes', () => {
    const at = (headMs: number) => saw([headMs, 1]);
    const { status, evidence } = judgeHeadersFirst(at(1), at(410));
    assert.equal(status, 'warn');
    assert.deepEqual(evidence, [{ k: 'headLateMs', v: 409 }]);
    assert.equal(judgeHeadersFirst(at(1), at(99)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1_600), at(1_600)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1), { heads: [null, null, null], silenceMs: 1_500 }).status, 'fail');
  });
});
