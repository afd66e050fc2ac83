import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { judgeThreshold, type Threshold, threshold } from '../../../src/checks/probes/threshold.ts';
import { startChecking } from '../checking.ts';
import type { ProxyFaults } from '../faulty-proxy.ts';
import { judged } from '../judged.ts';

function came(sizesBytes: readonly number[], changes: Partial<Threshold> = {}): Threshold {
  const bytes = sizesBytes.reduce((sum, size) => sum + size, 0);
  return {
    ...{ sizesBytes, bytes, eventBytes: 570 },
    firstMs: 1,
    writtenMs: 2_750,
    framing: 'chunked',
    ...changes,
  };
}

const pieces = (bytes: number, n: number, of: number) =>
  came(
    [...Array<number>(n).fill(bytes), ...Array.from({ length: of - n }, (_, index) => 570 * (index + 2)), 1],
    {
      modal: { bytes, n, of },
    },
  );

describe('the judgement of the threshold', () => {
  const direct = pieces(570, 398, 400);

  test('fails four of five pieces of one size, and no fewer', () => {
    assert.equal(judgeThreshold(direct, pieces(4_096, 40, 50)).status, 'fail');
    assert.equal(judgeThreshold(direct, pieces(4_096, 39, 50)).status, 'pass');
    assert.equal(judgeThreshold(direct, pieces(570, 400, 400)).status, 'pass');
  });

  test('fails nobody for what comes in pieces directly, too', () => {
    assert.equal(judgeThreshold(pieces(4_096, 50, 50), pieces(4_096, 50, 50)).status, 'pass');
  });

  test('fails where nothing arrives', () => {
    const { status, fault, summary } = judgeThreshold(direct, came([], { firstMs: null, framing: 'none' }));
    assert.deepEqual([status, fault], ['fail', 'buffer.until-end']);
    assert.match(summary, /nothing arrived/);
  });
});

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
