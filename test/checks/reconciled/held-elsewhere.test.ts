import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asHeldElsewhere } from '../../../src/checks/reconciled/held-elsewhere.ts';
import type { ProbeResult } from '../../../src/results/check/result.ts';
import { found, passed } from '../diagnosis/measured.ts';

const held = found('encoding', 'buffer.threshold', { heldUncompressed: true });

function encodingIn(results: readonly ProbeResult[]): [string, string | undefined] | undefined {
  const result = asHeldElsewhere(results).find(({ probe }) => probe === 'encoding');
  return result && [result.status, result.fault];
}

describe('what is held without compression as well', () => {
  test('is left to whoever tells how it is held', () => {
    assert.deepEqual(encodingIn([found('timing', 'buffer.until-end'), held]), ['pass', undefined]);
    assert.deepEqual(encodingIn([held, found('threshold', 'rate.limit')]), ['pass', undefined]);
    // With what others have seen of the holding, which is theirs to tell.
    const sized = found('encoding', 'buffer.threshold', { heldUncompressed: true, modalBurstBytes: 4_096 });
    assert.deepEqual(asHeldElsewhere([found('timing', 'buffer.threshold'), sized])[1]?.evidence, []);
  });

  test('is a fault where nobody else has found one', () => {
    assert.deepEqual(encodingIn([held]), [held.status, 'buffer.threshold']);
    // What holds heads or uploads says nothing of events.
    const others = [passed('timing'), found('post', 'buffer.request-body'), found('idle', 'idle.cut')];
    assert.deepEqual(encodingIn([...others, held]), [held.status, 'buffer.threshold']);
  });

  test('is no compression, where a timer holds it no longer than it does without', () => {
    // A proxy that lets go of everything every second: the streams with compression began when it had just done so.
    const timer = found('timing', 'buffer.timer', { batchEveryMs: 1_001, lagP95Ms: 940 });
    const stalled = (stalledForMs: number) =>
      found('encoding', 'compression.holds-events', {
        ...{
          stallsOnlyWhenCompressed: true,
          stalledEncodings: 'gzip',
          appliedEncodings: 'gzip',
          stalledForMs,
        },
      });
    const [, told] = asHeldElsewhere([timer, stalled(980)]);
    assert.deepEqual([told?.status, told?.fault], ['pass', undefined]);
    assert.deepEqual(told?.evidence, [
      { k: 'stallsOnlyWhenCompressed', v: false },
      { k: 'appliedEncodings', v: 'gzip' },
    ]);
    // Until the end, or with no timer that holds the others.
    const faultIn = (...results: ProbeResult[]) => encodingIn(results)?.[1];
    assert.equal(faultIn(timer, stalled(1_500)), 'compression.holds-events');
    assert.equal(faultIn(passed('timing'), stalled(980)), 'compression.holds-events');
    assert.equal(faultIn(found('timing', 'buffer.until-end'), stalled(980)), 'compression.holds-events');
  });

  test('is not what a compressor holds', () => {
    const compressed = found('encoding', 'compression.holds-events', { stallsOnlyWhenCompressed: true });
    const fault = encodingIn([found('timing', 'buffer.until-end'), compressed])?.[1];
    assert.equal(fault, 'compression.holds-events');
  });
});
