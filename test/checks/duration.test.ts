import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from '../../src/checks/duration.ts';

test('a duration of a summary has as many digits as matter', () => {
  const all = [0, 2.1, 999, 1_000, 9_999, 10_000, 65_000, 119_940, 119_960, 299_600, 960_000, 3_599_400];
  assert.deepEqual(all.map(durationText), [
    ...['0 ms', '3 ms', '999 ms', '1.00 s', '10.00 s', '10.0 s', '65.0 s', '119.9 s'],
    ...['2m 00s', '5m 00s', '16m 00s', '59m 59s'],
  ]);
  assert.deepEqual([3_599_600, 3_600_000, 5_430_000, 36_000_000].map(durationText), [
    ...['1h 00m', '1h 00m', '1h 30m', '10h 00m'],
  ]);
});
