import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timeTold } from '../../../src/bench/delivery/sent-at.ts';
import { SentAtLatency } from '../../../src/bench/delivery/sent-at-latency.ts';
import { WallClock } from '../../../src/bench/delivery/wall-clock.ts';

const MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe('the time that an event tells', () => {
  const told: [unknown, number][] = [
    [MS, MS],
    [MS / 1e3, MS],
    [MS * 1e3 + 250, MS + 0.25],
    [MS * 1e6, MS],
    [String(MS), MS],
    [` ${MS / 1e3} `, MS],
    ['2026-01-02T03:04:05.678Z', MS],
    ['2026-01-02T03:04:05.678', MS],
    ['2026-01-02 03:04:05.678250+00:00', MS + 0.25],
    ['2026-01-02T05:04:05,678+02:00', MS],
    ['2026-01-02T05:04:05.678+0200', MS],
    ['2026-01-02T05:04:05.678+02', MS],
    ['2026-01-02t03:04z', Date.UTC(2026, 0, 2, 3, 4)],
  ];
  for (const [value, expected] of told) {
    test(`is read from ${JSON.stringify(value)}`, () => {
      const ms = timeTold(value) ?? Number.NaN;
      assert.ok(Math.abs(ms - expected) < 0.001, `${ms} is not ${expected}`);
    });
  }

  test('is none in anything else', () => {
    const none = [
      undefined,
      null,
      true,
      {},
      [],
      '',
      'soon',
      '2026-01-02',
      '2026-13-02T00:00Z',
      -5,
      0,
      Number.NaN,
    ];
    for (const value of none) assert.equal(timeTold(value), undefined, JSON.stringify(value));
  });
});

describe('latencies between two clocks', () => {
  const recordedOf = (differences: readonly number[], stepMs: number) => {
    const recorded: number[] = [];
    const latency = new SentAtLatency({ record: (ms) => recorded.push(ms), censor: () => assert.fail() });
    differences.forEach((difference, index) => {
      const at = 10_000 + index * stepMs;
      latency.add(at - difference, at);
    });
    return { latency, recorded };
  };

  test('are the differences where none is below zero, even those behind the decision', () => {
    const { latency, recorded } = recordedOf([5, 3, 8], 600);
    assert.deepEqual(recorded, [5, 3, 8]);
    assert.deepEqual(latency.clock, { smallestMs: 3, addedMs: [0, 0] });
  });

  test('are what events took beyond the fastest where the sender is ahead', () => {
    const { latency, recorded } = recordedOf([-95, -100, -90, -101], 500);
    assert.deepEqual(recorded, [5, 0, 10, -1]);
    assert.deepEqual(latency.clock, { smallestMs: -101, addedMs: [100, 100] });
  });

  test('are held back for a second or a thousand events, and not for longer than the run', () => {
    assert.equal(recordedOf(new Array(999).fill(1), 0).recorded.length, 0);
    assert.equal(recordedOf(new Array(1_000).fill(1), 0).recorded.length, 1_000);
    const { latency, recorded } = recordedOf([-4, 6], 1);
    assert.deepEqual(recorded, []);
    assert.equal(latency.clock, undefined);
    latency.settle();
    assert.deepEqual(recorded, [0, 10]);
  });
});

describe('the wall clock', () => {
  const clockAt = () => {
    const state = { monotonic: 1_000.25, ahead: 1e12 };
    const clock = new WallClock({
      monotonic: () => state.monotonic,
      wall: () => Math.floor(state.monotonic + state.ahead),
      aheadMs: 1e12,
    });
    return { state, clock };
  };

  test('is known to the microsecond, however coarsely it is read', () => {
    const { state, clock } = clockAt();
    for (; state.monotonic < 2_000; state.monotonic += 0.37) clock.check();
    assert.equal(clock.at(1_500.125), 1e12 + 1_500.125);
    assert.equal(clock.steppedMs, 0);
  });

  test('is followed where somebody sets it', () => {
    const { state, clock } = clockAt();
    state.ahead -= 250;
    clock.check();
    assert.ok(Math.abs(clock.steppedMs + 250) <= 1, `stepped by ${clock.steppedMs}`);
    assert.ok(Math.abs(clock.at(1_500) - (1e12 + 1_250)) <= 1);
  });

  test('of this machine reads what Date reads', () => {
    const clock = new WallClock();
    const [seconds, nanoseconds] = process.hrtime();
    const now = clock.at(seconds * 1e3 + nanoseconds / 1e6);
    assert.ok(Math.abs(Date.now() - now) < 1_000);
  });
});
