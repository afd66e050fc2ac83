import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { overtimeOf } from '../../../src/checks/lateness/overtime.ts';

const every = (everyMs: number, count: number, bytes: number) =>
  Array.from({ length: count }, (_, nth) => ({ at: (nth + 1) * everyMs, bytes }));

describe('what comes when all was to be there', () => {
  test('is told by how much there is of it, how long it goes on and how fast', () => {
    // 300 bytes ten times a second, where all was sent in 2.75 s.
    assert.deepEqual(overtimeOf(every(100, 150, 300), 2_750), {
      pieces: 122,
      ms: 12_250,
      bytesPerSecond: 3_000,
    });
  });

  test('is nothing where the end lets go of it all, at once or in pieces right behind each other', () => {
    const none = { pieces: 0, ms: 0, bytesPerSecond: 0 };
    assert.deepEqual(overtimeOf(every(10, 100, 570), 1_000), none);
    const atTheEnd = [0, 20, 40, 60, 80].map((ms) => ({ at: 3_000 + ms, bytes: 65_536 }));
    assert.deepEqual(overtimeOf(atTheEnd, 2_750), none);
    assert.deepEqual(overtimeOf([], 2_750), none);
  });
});
