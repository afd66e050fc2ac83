import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latenessQuantile } from '../../../src/bench/worker/loop-lateness.ts';

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 0.1, `${value} is not ${expected}`);

describe('the lateness of an event loop', () => {
  test('is within its interval where all are alike', () => {
    near(latenessQuantile([{ ms: 1, count: 1_000 }], 0.99), 0.99);
  });

  test('weighs a stall by how long it lasts', () => {
    // 400 ms of each second: whatever comes then waits 200 ms on average, and a hundredth of all more than 390.
    near(
      latenessQuantile(
        [
          { ms: 1, count: 600 },
          { ms: 400, count: 1 },
        ],
        0.99,
      ),
      390,
    );
  });

  test('passes over one that is too short to meet a hundredth of all', () => {
    assert.ok(
      latenessQuantile(
        [
          { ms: 1, count: 990 },
          { ms: 10, count: 1 },
        ],
        0.99,
      ) < 2,
    );
  });

  test('is none without intervals', () => {
    assert.equal(latenessQuantile([], 0.99), 0);
  });
});
