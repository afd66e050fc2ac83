import type { Load } from '../../../src/bench/options.ts';
import { makePlan, type PlanOptions } from '../../../src/bench/plan/make-plan.ts';
import type { Plan } from '../../../src/bench/plan/plan.ts';

/** The plan of a load, of streams that are endless unless said otherwise. */
export function planned(
  load: Load,
  durationMs: number,
  { seed = 1, life = {} }: Partial<PlanOptions> = {},
): Plan {
  const reconnect = { mode: 'persistent', retryDelayMs: 3000, retryMaxMs: 30_000, jitter: 0.5 } as const;
  return makePlan({ load, durationMs, warmUpMs: 0, seed, life, reconnect });
}

/** The times at which the plan starts streams. */
export function startTimes(plan: Plan): number[] {
  return Array.from(plan.arrivals(), ({ atMs }) => atMs);
}
