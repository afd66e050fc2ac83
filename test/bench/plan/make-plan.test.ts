import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { share } from '../../../src/bench/plan/share.ts';
import { closedLoad, openLoad } from './loads.ts';
import { planned, startTimes } from './planned.ts';

const anyLoad = fc.oneof(closedLoad, openLoad);

describe('any plan', () => {
  test('numbers its streams from 0, in the order of their times, within the run', () => {
    fc.assert(
      fc.property(anyLoad, ({ load, durationMs }) => {
        const arrivals = [...planned(load, durationMs).arrivals()];
        let before = 0;
        for (const [index, arrival] of arrivals.entries()) {
          assert.equal(arrival.index, index);
          assert.ok(arrival.atMs >= before && arrival.atMs < durationMs);
          assert.ok(arrival.untilMs === undefined || arrival.untilMs >= arrival.atMs);
          before = arrival.atMs;
        }
      }),
    );
  });

  test('knows how many streams it starts', () => {
    fc.assert(
      fc.property(anyLoad, ({ load, durationMs }) => {
        const plan = planned(load, durationMs);
        assert.equal(plan.starts, startTimes(plan).length);
      }),
    );
  });

  test('is the sum of the shares of its workers, to the last stream', () => {
    fc.assert(
      fc.property(anyLoad, fc.integer({ min: 1, max: 7 }), ({ load, durationMs }, workers) => {
        const shares = Array.from({ length: workers }, (_, worker) => [
          // Each worker works the plan out for itself.
          ...share(planned(load, durationMs).arrivals(), worker, workers),
        ]);
        const all = [...planned(load, durationMs).arrivals()];
        assert.deepEqual(
          shares.flat().sort((a, b) => a.index - b.index),
          all,
        );
        for (const part of shares) {
          assert.ok(Math.abs(part.length - all.length / workers) < 1);
        }
      }),
    );
  });

  test('has the times of the run', () => {
    const { durationMs, rampUpMs, model } = planned(
      { model: 'open', rate: 10, arrival: 'constant', rampUpMs: 2000 },
      9000,
    );
    assert.deepEqual({ model, durationMs, rampUpMs }, { model: 'open', durationMs: 9000, rampUpMs: 2000 });
    const stages = [{ durationMs: 1000, target: 3 }];
    assert.equal(planned({ model: 'closed-stages', stages }, 1000).rampUpMs, 0);
  });
});
