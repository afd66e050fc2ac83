import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  counted,
  duration,
  rate,
  runningTime,
  size,
  timeOfDay,
} from '../../../src/mock/page/browser/quantities.ts';

describe('quantities of the page', () => {
  test('durations have three digits at most', () => {
    const written = [0, 0.4, 999.4, 999.6, 3_012, 9_994, 12_340, 59_949, 59_950, 245_000, 7_620_000].map(
      duration,
    );
    assert.deepEqual(written, [
      '0 ms',
      '0 ms',
      '999 ms',
      '1.00 s',
      '3.01 s',
      '9.99 s',
      '12.3 s',
      '59.9 s',
      '1 min 00 s',
      '4 min 05 s',
      '2 h 07 min',
    ]);
  });

  test('running times go by tenths, then by whole seconds', () => {
    assert.deepEqual([0, 250, 999, 1_000, 12_999, 61_000].map(runningTime), [
      '0.0 s',
      '0.2 s',
      '0.9 s',
      '1 s',
      '12 s',
      '1 min 01 s',
    ]);
  });

  test('sizes, rates, counts and times of day', () => {
    assert.deepEqual([0, 999, 1_000, 99_949, 123_456, 5e9].map(size), [
      '0 B',
      '999 B',
      '1.0 KB',
      '99.9 KB',
      '123 KB',
      '5.0 GB',
    ]);
    assert.deepEqual([0, 0.2, 9.96, 12.4, 1_234].map(rate), ['0/s', '0.2/s', '10.0/s', '12/s', '1,234/s']);
    assert.deepEqual([counted(1, 'id'), counted(1_000, 'id')], ['1 id', '1,000 ids']);
    assert.equal(timeOfDay(new Date(2026, 0, 1, 9, 5, 7, 42).getTime()), '09:05:07.042');
  });
});
