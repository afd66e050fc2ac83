import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { xab } from '../../../src/checks/probes/xab.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { judged } from '../judged.ts';

describe('the probe of X-Accel-Buffering', () => {
  const seen = async (test: TestContext, faults: ProxyFaults) => {
    const { status, evidence } = await judged(xab, await startChecking(test, faults));
    return [status, ...evidence.map(({ k, v }) => `${k} ${v}`)];
  };

  test('tells whether it is passed on, and whether it cures', { timeout: 30_000 }, async (test) => {
    const [nginx, deaf, ignored, plain] = await Promise.all([
      seen(test, { bufferUntilEnd: true, accelBuffering: 'cures and removed' }),
      seen(test, { bufferUntilEnd: true, accelBuffering: 'removed' }),
      seen(test, { bufferUntilEnd: true }),
      seen(test, {}),
    ]);
    assert.deepEqual(nginx, ['pass', 'xabRemoved true', 'xabCures true']);
    assert.deepEqual(deaf, ['pass', 'xabRemoved true', 'xabCures false']);
    assert.deepEqual(ignored, ['pass', 'xabRemoved false', 'xabCures false']);
    assert.deepEqual(plain, ['pass', 'xabRemoved false']);
  });
});
