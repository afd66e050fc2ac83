import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mannerOf } from '../../../src/checks/lateness/manner.ts';

/** 15 events, 100 ms apart. */
const FOR_MS = 1_400;
const each = (lagMs: (nth: number) => number, count = 15) =>
  Array.from({ length: count }, (_, nth) => lagMs(nth));

describe('the manner in which events are late', () => {
  test('is told where none comes before the last is sent', () => {
    assert.equal(mannerOf([], FOR_MS), 'at the end');
    assert.equal(
      mannerOf(
        each((nth) => 1_500 - nth * 100),
        FOR_MS,
      ),
      'at the end',
    );
  });

  test('is told where each comes later than the one before', () => {
    assert.equal(
      mannerOf(
        each((nth) => 600 * nth, 8),
        FOR_MS,
      ),
      'ever later',
    );
    // On a long way that is as long for all of them.
    assert.equal(
      mannerOf(
        each((nth) => 700 + (nth % 2)),
        FOR_MS,
      ),
      'now and then',
    );
    assert.equal(
      mannerOf(
        each(() => 1_500),
        FOR_MS,
      ),
      'now and then',
    );
  });

  test('is told of nothing where they come in batches', () => {
    assert.equal(
      mannerOf(
        each((nth) => 700 - 100 * (nth % 7)),
        FOR_MS,
      ),
      'now and then',
    );
  });
});
