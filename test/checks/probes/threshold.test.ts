import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { threshold } from '../../../src/checks/probes/threshold.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { judged } from '../judged.ts';

describe('the probe of the threshold', () => {
  const through = async (test: TestContext, faults: ProxyFaults) =>
    judged(threshold, await startChecking(test, faults));

  test('finds how many bytes have to be there', { timeout: 40_000 }, async (test) => {
    const [clean, small, large, whole, timed] = await Promise.all([
      through(test, {}),
      through(test, { bufferBytes: 4_096 }),
      through(test, { bufferBytes: 512 * 1_024 }),
      through(test, { bufferUntilEnd: true }),
      through(test, { flushEveryMs: 200 }),
    ]);
    assert.equal(clean.status, 'pass', clean.summary);
    assert.equal(small.fault, 'buffer.threshold', small.summary);
    assert.equal(small.evidence[0]?.v, 4_096);
    assert.equal(large.fault, 'buffer.threshold', large.summary);
    assert.equal(large.evidence[0]?.v, 512 * 1_024);
    assert.equal(whole.fault, 'buffer.until-end', whole.summary);
    assert.equal(timed.status, 'pass', timed.summary);
    assert.equal(timed.evidence[0]?.k, 'batchEveryMs');
  });
});
