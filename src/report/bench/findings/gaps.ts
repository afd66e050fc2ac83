import type { BenchResult } from '../../../results/bench/result.ts';
import { formatMeasured } from '../figures.ts';
import { outlasts } from '../outlasts.ts';
import { capital } from './wording.ts';

/** How regularly events kept coming. */
export function gaps({ metrics, censored, storm }: BenchResult): string {
  const figures = metrics.event_gap;
  const { count: cut = 0, longest = 0, lost = 0 } = censored.event_gap ?? {};
  // The gap that a broken connection leaves is in none of the figures: that is what outages are for.
  const where = lost > 0 || storm !== undefined ? 'While its connection lasted, no' : 'No';
  const whole =
    figures === undefined || figures.count === 0
      ? ''
      : `${where} event was later than ${formatMeasured(figures.max)} after the one before`;
  if (!outlasts(longest, figures)) return whole === '' ? '' : `${whole}.`;
  const who = cut === 1 ? 'a stream' : 'a stream or more';
  const still = `${who} had had no event for at least ${formatMeasured(longest)} when it was over`;
  return whole === '' ? `${capital(still)}.` : `${whole}, but ${still}.`;
}
