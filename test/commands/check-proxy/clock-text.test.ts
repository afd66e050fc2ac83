import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockText } from '../../../src/commands/check-proxy/clock-text.ts';

/** What our time of day is ahead of our monotonic clock: forty years and more. */
const WALL_MS = 1.7e12;

test('the clock of an origin is told by the time of day, and how certain that is', () => {
  const told = (aheadMs: number, uncertaintyMs: number) =>
    clockText({ aheadMs: WALL_MS + aheadMs, uncertaintyMs }, WALL_MS);
  assert.equal(told(12.3, 0.4), 'clock: the origin is 12.3 ms ahead, ±0.4 ms\n');
  assert.equal(told(-2_500, 3), 'clock: the origin is 2.5 s behind, ±3.0 ms\n');
  assert.equal(told(-0.04, 0.3), 'clock: the origin is 0.0 ms ahead, ±0.3 ms\n');
  assert.equal(told(0, 10).split('\n').length, 2);
  assert.match(
    told(0, 34),
    /^clock: .* ±34\.0 ms\nnote: the way to the origin is slow: .*±34\.0 ms only.*\n$/,
  );
});
