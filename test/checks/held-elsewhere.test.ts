import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asHeldElsewhere } from '../../src/checks/held-elsewhere.ts';
import type { ProbeResult } from '../../src/results/check/result.ts';
import { found, passed } from './diagnosis/measured.ts';

const held = found('encoding', 'buffer.threshold', { heldUncompressed: true });

function encodingIn(results: readonly ProbeResult[]): [string, string | undefined] | undefined {
  const result = asHeldElsewhere(results).find(({ probe }) => probe === 'encoding');
  return result && [result.status, result.fault];
}

describe('what is held without compression as well', () => {
  test('is left to whoever tells how it is held', () => {
    assert.deepEqual(encodingIn([found('timing', 'buffer.until-end'), held]), ['pass', undefined]);
    assert.deepEqual(encodingIn([held, found('threshold', 'rate.limit')]), ['pass', undefined]);
  });

  test('is a fault where nobody else has found one', () => {
    assert.deepEqual(encodingIn([held]), [held.status, 'buffer.threshold']);
    // What holds heads or uploads says nothing of events.
    const others = [passed('timing'), found('post', 'buffer.request-body'), found('idle', 'idle.cut')];
    assert.deepEqual(encodingIn([...others, held]), [held.status, 'buffer.threshold']);
  });

  test('is not what a compressor holds', () => {
    const compressed = found('encoding', 'compression.holds-events', { stallsOnlyWhenCompressed: true });
    const fault = encodingIn([found('timing', 'buffer.until-end'), compressed])?.[1];
    assert.equal(fault, 'compression.holds-events');
  });
});
