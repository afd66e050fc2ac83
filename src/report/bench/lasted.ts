import type { BenchResult } from '../../results/bench/result.ts';

/** For how many milliseconds streams ran: what is noticed after the plan's time, as a worker that no longer answers, adds none. */
export function lastedMs({ plan, ended }: Pick<BenchResult, 'plan' | 'ended'>): number {
  return Math.min(plan.durationMs, ended?.atMs ?? plan.durationMs);
}
