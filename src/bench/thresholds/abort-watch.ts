import { isUpperLimit, settledForGood } from '../../notation/comparison.ts';
import { judgeThreshold } from './judge.ts';
import { countOf, type Measured } from './measured.ts';
import type { CountName, CountThreshold, MetricThreshold, Threshold } from './threshold.ts';

/** A figure that may still recover must have broken its rule for so many windows in a row, about a second each. */
const WINDOWS_IN_A_ROW = 5;

/** Counts that can only grow: what they have passed they have passed for good. */
const GROWING: ReadonlySet<CountName> = new Set<CountName>([
  'started',
  'succeeded',
  'failed',
  'never_opened',
  'attempts',
  'failed_attempts_count',
  'events',
  'comments',
  'bytes',
  'outages',
  'duplicated',
  'out_of_order',
  'replayed',
  'received',
]);

/** Figures that are judged while they come together, as nothing of them is still to grow: shares, and `missing`. */
const STEADY: ReadonlySet<CountName> = new Set<CountName>([
  'error_rate',
  'delivery_rate',
  'goodput',
  // An event that comes late is missing until it comes.
  'missing',
]);

/**
 * Tells when a rule of `--abort-on-fail` is lost. At once: a count that only grows has passed its limit, a maximum or a
 * minimum has. After five windows in a row: a percentile or a mean (with samples enough), a share, missing events, a
 * rate that is too high. Never before the end: what is too low but may still grow, and `open`, which is counted at the end.
 */
export class AbortWatch {
  readonly #minSamples: number | undefined;
  readonly #rules: { threshold: Threshold; broken: number }[];

  constructor(thresholds: readonly Threshold[], minSamples?: number) {
    this.#minSamples = minSamples;
    this.#rules = thresholds.map((threshold) => ({ threshold, broken: 0 }));
  }

  /**
   * Call it behind each window outside of warm-up.
   *
   * @param measured all that was measured so far
   * @returns the first rule that is lost
   */
  window(measured: Measured): Threshold | undefined {
    let lost: Threshold | undefined;
    for (const rule of this.#rules) {
      rule.broken = this.#isBroken(rule.threshold, measured) ? rule.broken + 1 : 0;
      if (rule.broken >= windowsFor(rule.threshold)) lost ??= rule.threshold;
    }
    return lost;
  }

  #isBroken(threshold: Threshold, measured: Measured): boolean {
    if (threshold.kind === 'count') return this.#countIsBroken(threshold, measured);
    const { pass, seen } = judgeThreshold(threshold, measured, this.#minSamples);
    // Without a figure nothing is lost yet, and more of the largest or smallest values may come.
    return !pass && seen !== null && !mayStillGrow(threshold);
  }

  #countIsBroken(threshold: CountThreshold, measured: Measured): boolean {
    const { count, comparison, limit } = threshold;
    const seen = countOf(count, measured);
    if (seen === null) return false;
    if (GROWING.has(count)) return settledForGood(seen, comparison, limit) === false;
    const judged = STEADY.has(count) || (count === 'events_per_second' && comparison.startsWith('<'));
    return judged && !judgeThreshold(threshold, measured).pass;
  }
}

/** `max > 1s` and `min < 5ms` may come true with the next value. */
function mayStillGrow({ statistic, comparison }: MetricThreshold): boolean {
  return isUpperLimit(comparison) ? statistic === 'min' : statistic === 'max';
}

function windowsFor(threshold: Threshold): number {
  const atOnce =
    threshold.kind === 'count'
      ? GROWING.has(threshold.count)
      : threshold.statistic === 'max' || threshold.statistic === 'min';
  return atOnce ? 1 : WINDOWS_IN_A_ROW;
}
