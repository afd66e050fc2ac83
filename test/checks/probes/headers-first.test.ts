import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { judgeHeadersFirst, measureHeadersFirst } from '../../../src/checks/probes/headers-first.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';

const SILENCE_MS = 700;

describe('the probe of the head', () => {
  const through = async (test: TestContext, faults: ProxyFaults) => {
    const { direct, proxied, context } = await startChecking(test, faults);
    return judgeHeadersFirst(
      await measureHeadersFirst(direct, context, SILENCE_MS),
      await measureHeadersFirst(proxied, context, SILENCE_MS),
    );
  };

  test('passes a head that comes by itself, and fails one that waits for the body', async (test) => {
    assert.equal((await through(test, {})).status, 'pass');
    const { status, fault, summary } = await through(test, { holdHeaders: true });
    assert.deepEqual([status, fault], ['fail', 'buffer.headers']);
    assert.match(summary, /waited for the first event/);
  });

  test('warns of one that is late', () => {
    const at = (headMs: number | null) => ({ headMs, silenceMs: 1_500 });
    const { status, evidence } = judgeHeadersFirst(at(1), at(410));
    assert.equal(status, 'warn');
    assert.deepEqual(evidence, [{ k: 'headLateMs', v: 409 }]);
    assert.equal(judgeHeadersFirst(at(1), at(210)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1_600), at(1_600)).status, 'pass');
    assert.equal(judgeHeadersFirst(at(1), at(null)).status, 'fail');
  });
});
