import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Load, Stage } from '../../../src/bench/options.ts';
import { openLoad, type TimedLoad } from './loads.ts';
import { planned, startTimes } from './planned.ts';

const HOUR_MS = 3_600_000;

const level = (rate: number, more: Partial<Extract<Load, { model: 'open' }>> = {}) =>
  ({ model: 'open', rate, arrival: 'constant', rampUpMs: 0, ...more }) as const;

const staged = (...stages: readonly (readonly [seconds: number, rate: number])[]) => ({
  model: 'open-stages' as const,
  arrival: 'constant' as const,
  stages: stages.map(([seconds, target]): Stage => ({ durationMs: seconds * 1000, target })),
});

/** The starts that a load asks for by a time, added up from its words and not from the plan. */
function expectedBy(load: Load, ms: number): number {
  const stages =
    'stages' in load
      ? load.stages
      : [{ durationMs: 'rampUpMs' in load ? load.rampUpMs : 0, target: 'rate' in load ? load.rate : 0 }];
  let sum = 0;
  let left = ms;
  let from = 0;
  for (const { durationMs, target } of stages) {
    const passed = Math.min(left, durationMs);
    const reached = durationMs === 0 ? target : from + ((target - from) * passed) / durationMs;
    sum += (((from + reached) / 2) * passed) / 1000;
    left -= passed;
    from = target;
  }
  return sum + (from * left) / 1000;
}

const evenly = openLoad.map(({ load, durationMs }): TimedLoad => {
  return { load: 'arrival' in load ? { ...load, arrival: 'constant' } : load, durationMs };
});

describe('starts at a constant rate', () => {
  test('come at their times exactly, the first at 0, none at the end', () => {
    const times = startTimes(planned(level(1000), 10_000));
    assert.deepEqual(
      times.filter((atMs, k) => atMs !== k),
      [],
    );
    assert.equal(times.length, 10_000);
  });

  test('are 100 ± 1 in any 100 ms of 1,000 a second', () => {
    const times = startTimes(planned(level(1000), 3000));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2900, noNaN: true }), (fromMs) => {
        const count = times.filter((atMs) => atMs >= fromMs && atMs < fromMs + 100).length;
        assert.ok(Math.abs(count - 100) <= 1, `${count} from ${fromMs}`);
      }),
    );
  });

  test('are the rate times the length in any window of any rate, to one start', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3000, noNaN: true }),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        (rate, fromSeconds, seconds) => {
          const times = startTimes(planned(level(rate), 1000));
          const [fromMs, toMs] = [fromSeconds * 1000, (fromSeconds + seconds) * 1000];
          const count = times.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
          assert.ok(Math.abs(count - rate * seconds) <= 1 + 1e-6, `${count} of ${rate * seconds}`);
        },
      ),
    );
  });

  test('take as long for the last of 24 hours as for the first: nothing is added up', () => {
    // 100 a minute, a rate that no float holds exactly.
    const plan = planned(level(100 / 60), 24 * HOUR_MS);
    assert.equal(plan.starts, 144_000);
    const farthest = startTimes(plan).reduce((most, atMs, k) => Math.max(most, Math.abs(atMs - k * 600)), 0);
    assert.ok(farthest < 1e-6, `${farthest} ms from its time`);
  });

  test('are no more than asked for where the rate can only be rounded', () => {
    // 31 a minute; its sixtieth, times 60, is above 31.
    assert.equal(planned(level(31 / 60), 60_000).starts, 31);
    assert.equal(startTimes(planned(level(31 / 60), 60_000)).length, 31);
  });

  test('are counted and begun without being worked out', () => {
    const plan = planned(level(500_000), 24 * HOUR_MS);
    assert.equal(plan.starts, 43_200_000_000);
    const arrivals = plan.arrivals()[Symbol.iterator]();
    assert.deepEqual(arrivals.next().value, { index: 0, atMs: 0 });
    assert.deepEqual(arrivals.next().value, { index: 1, atMs: 0.002 });
  });
});

describe('starts at a rate that changes', () => {
  test('come faster and faster over a ramp', () => {
    // 8 a second over 4 s: t² = k in seconds.
    const times = startTimes(planned(level(8, { rampUpMs: 4000 }), 5000));
    for (const [k, atMs] of times.slice(0, 16).entries()) {
      assert.ok(Math.abs(atMs - Math.sqrt(k) * 1000) < 1e-9, `start ${k} at ${atMs}`);
    }
    assert.deepEqual(times.slice(16), [4000, 4125, 4250, 4375, 4500, 4625, 4750, 4875]);
  });

  test('wait where the rate is 0, also at first', () => {
    const times = startTimes(planned(staged([1, 0], [0, 2], [1, 2], [0, 0], [3, 0], [0, 2], [1, 2]), 6000));
    assert.deepEqual(times, [1000, 1500, 5000, 5500]);
  });

  test('are none of a rate of 0', () => {
    const plan = planned(staged([5, 0]), 5000);
    assert.deepEqual([plan.starts, plan.peak, startTimes(plan)], [0, 0, []]);
  });

  test('come when so many are asked for, whatever the shape', () => {
    fc.assert(
      fc.property(evenly, ({ load, durationMs }) => {
        const times = startTimes(planned(load, durationMs));
        for (const [k, atMs] of times.entries()) {
          assert.ok(Math.abs(expectedBy(load, atMs) - k) < 1e-5, `start ${k} at ${atMs}`);
        }
        assert.ok(Math.abs(times.length - expectedBy(load, durationMs)) < 1 + 1e-5);
      }),
    );
  });

  test('are as exact at the end of a ramp of hours as at its start', () => {
    const load = level(2000, { rampUpMs: 2 * HOUR_MS });
    const plan = planned(load, 2 * HOUR_MS);
    assert.equal(plan.starts, 7_200_000);
    let farthest = 0;
    for (const { index, atMs } of plan.arrivals()) {
      farthest = Math.max(farthest, Math.abs(atMs - Math.sqrt(index / 7_200_000) * 2 * HOUR_MS));
    }
    assert.ok(farthest < 1e-6, `${farthest} ms from its time`);
  });
});

describe('starts as Poisson has them', () => {
  const poisson = (rate: number, rampUpMs = 0) => level(rate, { arrival: 'poisson', rampUpMs });

  test('are the same for a seed, and others for another', () => {
    const of = (seed: number) => startTimes(planned(poisson(50), 2000, { seed }));
    assert.deepEqual(of(7), of(7));
    assert.notDeepEqual(of(7), of(8));
  });

  test('scatter as much as they are many, and have exponential gaps', () => {
    const times = startTimes(planned(poisson(1000), 100_000));
    const windows = new Array<number>(1000).fill(0);
    for (const atMs of times) windows[Math.floor(atMs / 100)] = (windows[Math.floor(atMs / 100)] ?? 0) + 1;
    const mean = times.length / windows.length;
    const variance = windows.reduce((sum, count) => sum + (count - mean) ** 2, 0) / windows.length;
    assert.ok(Math.abs(mean - 100) < 1, `mean ${mean}`);
    assert.ok(Math.abs(variance / mean - 1) < 0.15, `variance ${variance}`);
    const gaps = times.slice(1).map((atMs, k) => atMs - (times[k] ?? 0));
    for (const [longerThan, part] of [
      [0.5, Math.exp(-0.5)],
      [1, Math.exp(-1)],
      [3, Math.exp(-3)],
    ] as const) {
      const seen = gaps.filter((gap) => gap > longerThan).length / gaps.length;
      assert.ok(Math.abs(seen - part) < 0.01, `${seen} of the gaps are longer than ${longerThan} ms`);
    }
  });

  test('follow a rate that changes', () => {
    const times = startTimes(planned(poisson(1000, 40_000), 40_000));
    // A ramp has a quarter of its starts in its first half.
    const early = times.filter((atMs) => atMs < 20_000).length;
    assert.ok(Math.abs(early / times.length - 0.25) < 0.02, `${early} of ${times.length}`);
    assert.ok(Math.abs(times.length - 20_000) < 600, `${times.length}`);
  });
});

describe('the most streams that starts may have open', () => {
  test('are all of them where nothing bounds their lives, and never more than -c', () => {
    assert.equal(planned(level(100), 10_000).peak, 1000);
    assert.equal(planned(level(100, { maxOpen: 300 }), 10_000).peak, 300);
    assert.equal(planned(level(100, { maxOpen: 3000 }), 10_000).peak, 1000);
  });

  test('are those of one life at the highest rate', () => {
    const life = { forMs: 2000 };
    assert.equal(planned(level(100), HOUR_MS, { life }).peak, 200);
    assert.equal(planned(level(100), 1000, { life }).peak, 100);
    assert.equal(planned(staged([5, 10], [5, 60], [5, 0]), 15_000, { life }).peak, 120);
  });

  test('bound what is open of any schedule', () => {
    const lives = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(openLoad, lives, ({ load, durationMs }, forMs) => {
        const plan = planned(load, durationMs, { life: { forMs } });
        const times = startTimes(plan);
        // Who leaves at the very time at which another comes has left; a time is right to less than a nanosecond.
        const open = times.map(
          (now) => times.filter((atMs) => atMs <= now && atMs > now - forMs + 1e-6).length,
        );
        const most = Math.max(0, ...open);
        assert.ok(most <= plan.peak);
        if ('arrival' in load && load.arrival === 'poisson') assert.equal(most, plan.peak);
      }),
      { numRuns: 50, examples: [[{ load: level(6), durationMs: 3167 }, 3000]] },
    );
  });
});
