import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { judgeHeadersFirst, measureHeadersFirst } from '../../../src/checks/probes/headers-first.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const SILENCE_MS = 700;

describe('the probe of the head', () => {
  const through = async (test: TestContext, faults: ProxyFaults) => {
    const { direct, proxied, context } = await startChecking(test, faults);
    const [without, behind] = await Promise.all([
      measureHeadersFirst(direct, context, SILENCE_MS),
      measureHeadersFirst(proxied, context, SILENCE_MS),
    ]);
    return judgeHeadersFirst(without, behind);
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

  test('takes one head of several that is late for the doing of a busy machine', async (test) => {
    assert.equal((await through(test, { delayHeadersMs: (nth) => (nth === 0 ? 400 : 0) })).status, 'pass');
  });

  test('takes one head of several that comes at once for no proof that none is held', async (test) => {
    const faults = { delayHeadersMs: (nth: number) => (nth === 1 ? 0 : 200) };
    assert.equal((await through(test, faults)).fault, 'buffer.timer');
  });

  test('takes a long way for no holding', async (test) => {
    const far = { delayRequestMs: () => 200, delayHeadersMs: () => 200 };
    assert.equal((await through(test, far)).status, 'pass');
  });

  test('takes a head for one that waits for the body, however late a busy machine takes in the request', () => {
    const direct = { headMs: 1, thereMs: 1, silenceMs: 1_500 };
    const { fault } = judgeHeadersFirst(direct, { headMs: 1_501, thereMs: 351, silenceMs: 1_500 });
    assert.equal(fault, 'buffer.headers');
  });

  test('takes a head for a held one where requests are as late directly: the machine is busy', () => {
    const direct = { headMs: 30, thereMs: 150, silenceMs: 1_500 };
    const { fault } = judgeHeadersFirst(direct, { headMs: 240, thereMs: 170, silenceMs: 1_500 });
    assert.equal(fault, 'buffer.timer');
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
    const at = (headMs: number | null) => ({ headMs, thereMs: 1, silenceMs: 1_500 });
    const { status, evidence } = judgeHeadersFirst(at(1), at(410));
    assert.equal(status, 'warn');
    assert.deepEqual(evidence, [{ k: 'headLateMs', v: 409 }]);
    assert.equal(judgeHeadersFirst(at(1), at(99)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1_600), at(1_600)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1), at(null)).status, 'fail');
  });
});
