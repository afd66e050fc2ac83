import fc from 'fast-check';
import type { Load, Stage } from '../../../src/bench/options.ts';

/** A load with a duration that goes with it. */
export interface TimedLoad {
  load: Load;
  durationMs: number;
}

const arrival = fc.constantFrom('constant' as const, 'poisson' as const);

function stages(highest: number): fc.Arbitrary<Stage[]> {
  const stage = fc.record({
    // Jumps among them, and figures that stay, as people write them.
    durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5000 })),
    target: fc.oneof(fc.constant(0), fc.constant(10), fc.nat(highest)),
  });
  return fc.array(stage, { minLength: 1, maxLength: 6 });
}

/** Stages last their sum; some runs are cut shorter, or last longer. */
function timed<T extends Load & { stages: readonly Stage[] }>(
  loads: fc.Arbitrary<T>,
): fc.Arbitrary<TimedLoad> {
  return fc.tuple(loads, fc.constantFrom(1, 1, 0.6, 1.5)).map(([load, part]) => {
    const sumMs = load.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
    return { load, durationMs: Math.max(1, Math.round(sumMs * part)) };
  });
}

function withDuration(loads: fc.Arbitrary<Load>): fc.Arbitrary<TimedLoad> {
  return fc.record({ load: loads, durationMs: fc.integer({ min: 1, max: 10_000 }) });
}

export const closedLoad: fc.Arbitrary<TimedLoad> = fc.oneof(
  withDuration(
    fc.record({
      model: fc.constant('closed' as const),
      connections: fc.integer({ min: 1, max: 300 }),
      rampUpMs: fc.nat(8000),
    }),
  ),
  timed(fc.record({ model: fc.constant('closed-stages' as const), stages: stages(300) })),
);

export const openLoad: fc.Arbitrary<TimedLoad> = fc.oneof(
  withDuration(
    fc.record({
      model: fc.constant('open' as const),
      rate: fc.oneof(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.integer({ min: 1, max: 100 })),
      arrival,
      rampUpMs: fc.nat(8000),
    }),
  ),
  timed(fc.record({ model: fc.constant('open-stages' as const), stages: stages(100), arrival })),
);
