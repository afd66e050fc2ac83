import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Stage } from '../../../src/bench/options.ts';
import type { Arrival } from '../../../src/bench/plan/plan.ts';
import { closedLoad } from './loads.ts';
import { planned, startTimes } from './planned.ts';

function leaves({ untilMs = Infinity }: Arrival): number {
  return untilMs;
}

function openAt(arrivals: readonly Arrival[], ms: number): number {
  return arrivals.filter((arrival) => arrival.atMs <= ms && ms < leaves(arrival)).length;
}

const staged = (...stages: readonly (readonly [seconds: number, target: number])[]) => ({
  model: 'closed-stages' as const,
  stages: stages.map(([seconds, target]): Stage => ({ durationMs: seconds * 1000, target })),
});

describe('streams that are held open', () => {
  test('open evenly over the ramp, the first at 0', () => {
    const load = { model: 'closed', connections: 5, rampUpMs: 1000 } as const;
    assert.deepEqual(
      [...planned(load, 10_000).arrivals()],
      [
        { index: 0, atMs: 0 },
        { index: 1, atMs: 200 },
        { index: 2, atMs: 400 },
        { index: 3, atMs: 600 },
        { index: 4, atMs: 800 },
      ],
    );
  });

  test('open exactly at their part of the ramp, however many there are', () => {
    const load = { model: 'closed', connections: 7000, rampUpMs: 3_600_000 } as const;
    const wrong = startTimes(planned(load, 4_000_000)).filter((atMs, k) => atMs !== (k * 3_600_000) / 7000);
    assert.deepEqual(wrong, []);
  });

  test('all open at once without a ramp', () => {
    const plan = planned({ model: 'closed', connections: 3, rampUpMs: 0 }, 1000);
    assert.deepEqual(startTimes(plan), [0, 0, 0]);
    assert.deepEqual([plan.targetAt(0), plan.targetAt(999), plan.peak], [3, 3, 3]);
  });

  test('come and leave as the stages rise and fall, the last to come as the first to leave', () => {
    const plan = planned(staged([2, 4], [1, 4], [2, 0]), 5000);
    assert.deepEqual(
      [...plan.arrivals()],
      [
        // The one that would leave as the run ends is still open then.
        { index: 0, atMs: 0 },
        { index: 1, atMs: 500, untilMs: 4500 },
        { index: 2, atMs: 1000, untilMs: 4000 },
        { index: 3, atMs: 1500, untilMs: 3500 },
      ],
    );
    assert.deepEqual(
      [0, 250, 1000, 2500, 3250, 4750, 5000].map((ms) => plan.targetAt(ms)),
      [0, 1, 2, 4, 4, 1, 0],
    );
    assert.deepEqual([plan.starts, plan.peak], [4, 4]);
  });

  test('take a place again that was left', () => {
    const plan = planned(staged([1, 2], [1, 1], [1, 1], [1, 2], [1, 2]), 5000);
    assert.deepEqual(
      [...plan.arrivals()],
      [
        { index: 0, atMs: 0 },
        { index: 1, atMs: 500, untilMs: 2000 },
        { index: 2, atMs: 3000 },
      ],
    );
    assert.deepEqual([plan.starts, plan.peak], [3, 2]);
  });

  test('come for no time at all nowhere: jumps at one time are one', () => {
    const plan = planned(staged([0, 5], [0, 2], [1, 2], [0, 0], [0, 2], [1, 2]), 2000);
    assert.deepEqual(
      [...plan.arrivals()],
      [
        { index: 0, atMs: 0 },
        { index: 1, atMs: 0 },
      ],
    );
    assert.deepEqual([plan.starts, plan.peak], [2, 2]);
  });

  test('come and leave at once where a stage takes no time', () => {
    const plan = planned(staged([0, 3], [2, 3], [0, 1], [1, 1]), 3000);
    assert.deepEqual(
      [...plan.arrivals()],
      [
        { index: 0, atMs: 0 },
        { index: 1, atMs: 0, untilMs: 2000 },
        { index: 2, atMs: 0, untilMs: 2000 },
      ],
    );
  });

  test('stay as the last stage left them where the run lasts longer, and stop coming where it is cut short', () => {
    assert.equal(planned(staged([2, 4]), 60_000).targetAt(59_000), 4);
    const cut = planned(staged([2, 4]), 1000);
    assert.deepEqual(startTimes(cut), [0, 500]);
    assert.deepEqual([cut.starts, cut.peak, cut.targetAt(1000)], [2, 2, 2]);
  });

  test('are as many as the plan wants open, at any time', () => {
    fc.assert(
      fc.property(closedLoad, fc.double({ min: 0, max: 1, noNaN: true }), ({ load, durationMs }, part) => {
        const plan = planned(load, durationMs);
        const arrivals = [...plan.arrivals()];
        const ms = part * durationMs;
        // At the very instant in which one comes or leaves it may count or not; so at the run's end.
        const instants = arrivals.flatMap(({ atMs, untilMs = durationMs }) => [atMs, untilMs]);
        fc.pre([durationMs, ...instants].every((instant) => Math.abs(instant - ms) > 0.01));
        assert.equal(openAt(arrivals, ms), plan.targetAt(ms));
      }),
    );
  });

  test('are never more than the peak, and once that many', () => {
    fc.assert(
      fc.property(closedLoad, ({ load, durationMs }) => {
        const plan = planned(load, durationMs);
        const arrivals = [...plan.arrivals()];
        // The most are open just as one has come.
        const most = Math.max(0, ...arrivals.map(({ atMs }) => openAt(arrivals, atMs)));
        assert.equal(most, plan.peak);
      }),
    );
  });

  test('leave in the opposite order of their coming', () => {
    fc.assert(
      fc.property(closedLoad, ({ load, durationMs }) => {
        const open: Arrival[] = [];
        for (const arrival of planned(load, durationMs).arrivals()) {
          while (open.length > 0 && leaves(open.at(-1) ?? arrival) <= arrival.atMs) open.pop();
          const below = open.at(-1);
          if (below !== undefined) assert.ok(leaves(arrival) <= leaves(below));
          open.push(arrival);
        }
      }),
    );
  });
});
