import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Throttle } from '../../../src/bench/worker/throttle.ts';
import type { Attempt } from '../../../src/client/attempt.ts';
import { LONGEST_MS } from '../../../src/notation/duration.ts';

class Reader {
  paused = false;
  now = 0;
  readonly throttle: Throttle;
  readonly #test: TestContext;

  constructor(test: TestContext, bytesPerSecond: number) {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    this.#test = test;
    const attempt: Pick<Attempt, 'pause' | 'resume'> = {
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    };
    this.throttle = new Throttle(attempt as Attempt, bytesPerSecond, () => this.now);
  }

  pass(ms: number): void {
    this.now += ms;
    this.#test.mock.timers.tick(ms);
  }
}

describe('a slow reader', () => {
  test('reads on when its rate allows it', (t) => {
    const reader = new Reader(t, 100);
    reader.throttle.took(50);
    reader.pass(499);
    assert.equal(reader.paused, true);
    reader.pass(1);
    assert.equal(reader.paused, false);
  });

  test('waits for all that a read brought, in however many pieces', (t) => {
    const reader = new Reader(t, 100);
    for (let piece = 0; piece < 4; piece += 1) reader.throttle.took(25);
    reader.pass(999);
    assert.equal(reader.paused, true);
    reader.pass(1);
    assert.equal(reader.paused, false);
  });

  test('waits for longer than a timer can hold', (t) => {
    const reader = new Reader(t, 1 / 3600);
    const hour = 3_600_000;
    reader.throttle.took(1_000);
    reader.pass(LONGEST_MS);
    assert.equal(reader.paused, true);
    reader.pass(1_000 * hour - LONGEST_MS - 1);
    assert.equal(reader.paused, true);
    reader.pass(2);
    assert.equal(reader.paused, false);
  });

  test('waits for nothing once it is stopped', (t) => {
    const reader = new Reader(t, 100);
    reader.throttle.took(50);
    reader.throttle.stop();
    reader.pass(1_000);
    assert.equal(reader.paused, true);
  });
});
