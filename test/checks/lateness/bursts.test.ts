import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  beatOf,
  burstsOf,
  modalSize,
  pauseAtAnyRate,
  pauseOfFew,
  quantile,
  unitSize,
} from '../../../src/checks/lateness/bursts.ts';

describe('bursts', () => {
  test('are reads right behind each other', () => {
    const reads = [
      { at: 0, bytes: 10 },
      { at: 1, bytes: 20 },
      { at: 3, bytes: 30 },
      { at: 20, bytes: 5 },
    ];
    assert.deepEqual(burstsOf(reads), [
      { at: 0, bytes: 60 },
      { at: 20, bytes: 5 },
    ]);
    assert.deepEqual(burstsOf([]), []);
  });

  test('may take a busy machine its time to read, where pauses are long', () => {
    const piece = (at: number) => [0, 2, 22, 25, 40].map((late) => ({ at: at + late, bytes: 65_536 }));
    const reads = [0, 400, 800, 1_600].flatMap(piece);
    assert.deepEqual(
      burstsOf(reads).map(({ bytes }) => bytes),
      [0, 0, 0, 0].map(() => 5 * 65_536),
    );
    const steady = Array.from({ length: 50 }, (_, n) => ({ at: n * 5 + (n > 20 ? 60 : 0), bytes: 570 }));
    assert.equal(burstsOf(steady).length, 50, 'one long pause is not the usual one');
  });

  test('have the size that most of them have, but for the rest at the end', () => {
    const sized = (sizes: number[]) => sizes.map((bytes, index) => ({ at: index * 100, bytes }));
    assert.deepEqual(modalSize(sized([3932, 4096, 4096, 4096, 100])), { bytes: 4096, n: 3, of: 4 });
    assert.equal(modalSize(sized([4096])), undefined);
  });

  test('show the size of a buffer through what a busy machine reads at once, and none of what was only late', () => {
    const sized = (sizes: number[]) => sizes.map((bytes, index) => ({ at: index * 100, bytes }));
    const merged = sized([3932, 4096, 8192, 12_288, 4096, 1500, 8192, 4096, 4096, 300]);
    assert.deepEqual(unitSize(merged, 570), { bytes: 4096, n: 7, of: 8 });
    assert.deepEqual(unitSize(sized([10, 8192, 12_288, 8192, 12_288, 10]), 570), {
      bytes: 4096,
      n: 4,
      of: 4,
    });
    assert.equal(unitSize(sized([570, 1140, 1140, 2280, 1140, 1140, 570]), 570), undefined);
    assert.equal(unitSize(sized([570, 1460, 3210, 2999, 4100, 1234, 570]), 570), undefined);
  });

  test('have a beat where a timer lets them go, and none where they come by themselves', () => {
    assert.equal(beatOf([3, 203, 404, 604, 1004, 1204]), 200);
    assert.equal(beatOf([0, 100, 330, 360, 700, 720]), undefined);
    assert.equal(beatOf([0, 100]), undefined);
  });

  test('have a usual pause, too, that a timer keeps where half as much is sent, and a buffer does not', () => {
    const torn = [0, 130, 460, 670, 880, 1300, 1510, 1700, 2010, 2220];
    assert.equal(beatOf(torn), undefined);
    assert.equal(pauseAtAnyRate(torn, 1250), 210);
    const buffered = [0, 100, 210, 300, 400, 600, 800, 990, 1200];
    assert.equal(pauseAtAnyRate(buffered, 450), undefined);
    assert.equal(pauseAtAnyRate([0, 200, 400, 600], 500), undefined, 'of too few nothing is told');
  });

  test('tell a timer by a few of them, where they are as far apart as the first is from the beginning', () => {
    const at = (times: readonly number[], sizes: readonly number[]) =>
      times.map((time, nth) => ({ at: 1_000 + time, bytes: sizes[nth] ?? 0 }));
    // A second each, and twice as much sent in the first.
    assert.equal(pauseOfFew(at([956, 1_960, 2_750], [109_440, 74_100, 44_460]), 1_000), 956);
    // A buffer of 64 KB; one piece alone tells nothing.
    const filled = at([570, 1_140, 1_990, 2_750], [65_351, 65_536, 65_536, 31_577]);
    assert.equal(pauseOfFew(filled, 1_000), undefined);
    assert.equal(pauseOfFew(at([956, 2_750], [109_440, 44_460]), 1_000), undefined);
  });

  test('are late by a quantile that one of them has', () => {
    assert.equal(quantile([5, 1, 3], 0.5), 3);
    assert.equal(quantile([1, 2, 3, 4], 0.95), 4);
    assert.equal(quantile([], 0.5), 0);
  });
});
