import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Arrival } from '../../../src/bench/plan/plan.ts';
import { Pacer } from '../../../src/bench/worker/pacer.ts';
import { until } from '../../e2e/harness/until.ts';

const arrivals = (times: readonly number[]): Arrival[] => times.map((atMs, index) => ({ index, atMs }));

/** A clock with the timers of a test; it may be ahead of the timers or behind them. */
interface Loop {
  nowMs: number;
  pass(ms: number): void;
}

/** Runs with timers that the test moves. */
function onFakeTimers(run: (loop: Loop) => void, { mock }: Pick<typeof import('node:test'), 'mock'>): void {
  mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  try {
    run({
      nowMs: 0,
      pass(ms) {
        this.nowMs += ms;
        mock.timers.tick(ms);
      },
    });
  } finally {
    mock.timers.reset();
  }
}

describe('the pacer', () => {
  test('starts every stream once, in order, never before its time, at the first turn after it', (t) => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true })), {
      maxLength: 60,
    });
    const property = fc.property(gaps, fc.array(fc.integer({ min: 1, max: 9 })), (between, stalls) =>
      onFakeTimers((loop) => {
        let atMs = 0;
        const times = between.map((gap) => (atMs += gap));
        const seen: { index: number; atMs: number; startedMs: number }[] = [];
        const note = (arrival: Arrival) => seen.push({ ...arrival, startedMs: loop.nowMs });
        const pacer = new Pacer(arrivals(times).values(), note, () => loop.nowMs);
        pacer.begin(5);
        // A loop that stalls now and then runs its timers late.
        const longest = Math.max(1, ...stalls);
        for (const ms of stalls) loop.pass(ms);
        while (loop.nowMs < atMs + 7) loop.pass(1);
        assert.deepEqual(
          seen.map(({ index }) => index),
          times.map((_, index) => index),
        );
        for (const { atMs: planned, startedMs } of seen) {
          assert.ok(startedMs >= planned + 5, `${startedMs} is before ${planned + 5}`);
          assert.ok(startedMs < planned + 5 + 1 + longest, `${startedMs} is long after ${planned + 5}`);
        }
      }, t),
    );
    fc.assert(property);
  });

  test('sets a timer again that fired early', (t) => {
    onFakeTimers((loop) => {
      const started: number[] = [];
      const pacer = new Pacer(
        arrivals([100]).values(),
        () => started.push(loop.nowMs),
        () => loop.nowMs,
      );
      pacer.begin(0);
      loop.nowMs = -0.9;
      loop.pass(100);
      assert.deepEqual(started, []);
      loop.pass(1);
      assert.deepEqual(started, [100.1]);
    }, t);
  });

  test('does not drift: each start follows from the plan, none from the one before', (t) => {
    onFakeTimers((loop) => {
      const late: number[] = [];
      const times = Array.from({ length: 3000 }, (_, k) => (k * 1000) / 300);
      const pacer = new Pacer(
        arrivals(times).values(),
        ({ atMs }) => late.push(loop.nowMs - atMs),
        () => loop.nowMs,
      );
      pacer.begin(0);
      while (loop.nowMs < 10_000) loop.pass(1);
      assert.equal(late.length, 3000);
      assert.ok(late.every((ms) => ms >= 0 && ms <= 2));
    }, t);
  });

  test('makes up for a stall at once, with the times of the plan', (t) => {
    onFakeTimers((loop) => {
      const started: Arrival[] = [];
      const planned = arrivals([10, 20, 30, 2500]);
      const pacer = new Pacer(
        planned.values(),
        (arrival) => started.push(arrival),
        () => loop.nowMs,
      );
      pacer.begin(0);
      loop.pass(2000);
      assert.deepEqual(started, planned.slice(0, 3));
    }, t);
  });

  test('lets the loop turn between many that are due', async () => {
    const perTurn: number[] = [];
    let started = 0;
    const pacer = new Pacer(
      arrivals(new Array<number>(1000).fill(0)).values(),
      () => (started += 1),
      () => 1,
    );
    pacer.begin(0);
    let before = 0;
    await new Promise<void>((resolve) => {
      const turn = () => {
        perTurn.push(started - before);
        before = started;
        if (started < 1000) setImmediate(turn);
        else resolve();
      };
      setImmediate(turn);
    });
    assert.ok(Math.max(...perTurn) <= 10, `${Math.max(...perTurn)} in a turn`);
  });

  test('starts nothing after it was stopped, be it by a start itself', async () => {
    let started = 0;
    const pacer: Pacer = new Pacer(arrivals([0, 0, 0, 1]).values(), () => {
      started += 1;
      if (started === 2) pacer.stop();
    });
    pacer.begin(0);
    await until(() => started === 2);
    const stopped = new Pacer(arrivals([0]).values(), () => (started += 1));
    stopped.begin(0);
    stopped.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(started, 2);
  });

  test('tells how many were due and not started when it is stopped', (t) => {
    onFakeTimers((loop) => {
      const started: number[] = [];
      const note = ({ index }: Arrival) => started.push(index);
      const pacer = new Pacer(arrivals([0, 1, 5, 9, 10, 11]).values(), note, () => loop.nowMs);
      pacer.begin(100);
      loop.pass(101);
      loop.pass(1);
      assert.deepEqual(started, [0, 1]);
      // The loop was held up until the time was over.
      loop.nowMs = 110;
      assert.equal(pacer.stop(), 3);
      assert.equal(pacer.stop(), 0);
      loop.pass(50);
      assert.deepEqual(started, [0, 1]);
    }, t);
  });

  test('has nothing to do for a share without a stream', () => {
    const pacer = new Pacer([].values(), () => assert.fail('there is none'));
    pacer.begin(0);
    pacer.stop();
  });

  test('waits for a begin that lies farther ahead than a timer can', async () => {
    let looks = 0;
    const clock = () => {
      looks += 1;
      return 0;
    };
    const pacer = new Pacer(arrivals([0]).values(), () => assert.fail('not yet'), clock);
    pacer.begin(30 * 24 * 3_600_000);
    // A timer that is asked for more than it can fires at once: one after the other, where nobody minds.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(looks, 1);
    pacer.stop();
  });
});
