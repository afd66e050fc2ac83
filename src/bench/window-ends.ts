import type { Plan } from './plan/plan.ts';

/** What is measured is told once in so long. */
export const WINDOW_MS = 1_000;

/** The end of the window in which a time lies: whole seconds, where warm-up ends, and where the run does. */
export function windowEndAfter(
  ms: number,
  { durationMs, warmUpMs }: Pick<Plan, 'durationMs' | 'warmUpMs'>,
): number {
  const whole = (Math.floor(ms / WINDOW_MS) + 1) * WINDOW_MS;
  return Math.min(whole, durationMs, ms < warmUpMs ? warmUpMs : Number.POSITIVE_INFINITY);
}
