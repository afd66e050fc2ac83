import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { share, shareOf } from '../../../src/bench/plan/share.ts';

describe('the share of a worker', () => {
  test('has every so-many-th stream, and is read as it is needed', () => {
    function* endless() {
      for (let index = 0; ; index += 1) yield { index, atMs: index };
    }
    const mine = share(endless(), 2, 5);
    const first = [mine.next().value, mine.next().value, mine.next().value];
    assert.deepEqual(
      first.map((arrival) => arrival?.index),
      [2, 7, 12],
    );
  });
});

describe('where a stream lies among all', () => {
  const drawn = (seed: number, what: string, count = 20_000) =>
    Array.from({ length: count }, (_, index) => shareOf(seed, index, what));

  test('is in [0, 1), and the same each time', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.string(), (seed, index, what) => {
        const place = shareOf(seed, index, what);
        assert.ok(place >= 0 && place < 1);
        assert.equal(shareOf(seed, index, what), place);
      }),
    );
  });

  test('is spread evenly over streams that follow each other', () => {
    for (const seed of [0, 1, 42, 2 ** 31]) {
      const tenths = new Array<number>(10).fill(0);
      for (const place of drawn(seed, 'slow')) {
        tenths[Math.floor(place * 10)] = (tenths[Math.floor(place * 10)] ?? 0) + 1;
      }
      // 2,000 each; a standard deviation is 42.
      assert.ok(
        tenths.every((count) => Math.abs(count - 2000) < 200),
        `${tenths}`,
      );
    }
  });

  test('is the same on each worker: even spread over those of one', () => {
    const ofOne = drawn(3, 'cancel').filter((_, index) => index % 4 === 1);
    const chosen = ofOne.filter((place) => place < 0.1).length;
    assert.ok(Math.abs(chosen - 500) < 90, `${chosen} of 5,000`);
  });

  test('has nothing to do with where it lies for another choice, or with another seed', () => {
    const slow = drawn(1, 'slow');
    for (const other of [drawn(1, 'cancel'), drawn(2, 'slow')]) {
      const both = slow.filter((place, index) => place < 0.5 && (other[index] ?? 1) < 0.5).length;
      assert.ok(Math.abs(both - 5000) < 300, `${both} of 20,000`);
    }
  });
});
