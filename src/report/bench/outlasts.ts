import type { MetricFigures } from '../../results/bench/result.ts';

/** What is cut short by an end may exceed a whole gap by chance. */
const NOTABLY_LONGER = 1.5;
const NOTABLE_MS = 100;

/** Where there is no whole gap to compare with: whoever leaves after an event cuts a short one. */
const NOTABLE_ALONE_MS = 1_000;

/** Whether a gap that was cut short, in milliseconds, lasted notably longer than all whole ones: its stream may have died. */
export function outlasts(longest: number, whole: MetricFigures | undefined): boolean {
  if (whole === undefined || whole.count === 0) return longest > NOTABLE_ALONE_MS;
  return longest > Math.max(whole.max * NOTABLY_LONGER, NOTABLE_MS);
}
