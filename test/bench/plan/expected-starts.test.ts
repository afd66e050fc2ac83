import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { curveThrough } from '../../../src/bench/plan/curve.ts';
import { ExpectedStarts } from '../../../src/bench/plan/expected-starts.ts';

const DAY_MS = 24 * 3_600_000;

describe('the starts that are expected', () => {
  test('are brought back to a time within the run, be they as many as a float can tell apart', () => {
    const days = fc.integer({ min: 1, max: 24 });
    const rate = fc.integer({ min: 1, max: 1_000_000 });
    const left = fc.double({ min: 0, max: 10, noNaN: true });
    const falling = fc.property(days, rate, left, (count, from, missing) => {
      const endMs = count * DAY_MS;
      const stages = [
        { durationMs: 0, target: from },
        { durationMs: endMs, target: 0 },
      ];
      const expected = new ExpectedStarts(curveThrough(stages, endMs));
      const atMs = expected.timeOf(expected.total - missing);
      assert.ok(atMs > 0 && atMs <= endMs, `${atMs}`);
    });
    fc.assert(falling);
  });

  test('are reached at the end of the run at the latest', () => {
    const expected = new ExpectedStarts(curveThrough([{ durationMs: 0, target: 3 }], 2000));
    assert.equal(expected.total, 6);
    assert.deepEqual(
      [0, 1.5, 5.7, 6, 7].map((starts) => expected.timeOf(starts)),
      [0, 500, 1900, 2000, 2000],
    );
  });
});
