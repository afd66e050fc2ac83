import { compares, isUpperLimit } from '../../notation/comparison.ts';
import type { MetricName } from '../../results/bench/metric.ts';
import type { ThresholdResult } from '../../results/bench/result.ts';
import type { LatencyHistogram } from '../../stats/latency-histogram.ts';
import { samplesFor } from '../../stats/quantiles.ts';
import { countOf, type Measured } from './measured.ts';
import { isOfOutages } from './names.ts';
import { inMs } from './parse-time.ts';
import type { CountThreshold, MetricThreshold, Threshold } from './threshold.ts';

/** A figure, in milliseconds, that a rule is about; or why there is none. */
type Figure = { ms: number; atLeast: boolean } | { none: string };

/**
 * Judges the rules of a run. A rule holds only where what was measured shows it: without a figure, or with too few
 * samples for one, it fails and says why. But where streams were held and none was interrupted, no outage was too long.
 *
 * Values that something cut short (a gap that the end of a stream or of the run ended) are known to be at least as long
 * as they were seen to be. They make a rule `<` fail as soon as one of them reaches the limit, where they can matter: for
 * the maximum always, for a quantile where it falls among them. One that came to no end of its own, as an outage of a stream
 * that failed for good, reaches any limit. The mean and the minimum are those of whole values. Rules `>` hold by what is
 * known alone.
 *
 * @param minSamples so many make a quantile, whichever it is
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  measured: Measured,
  minSamples?: number,
): ThresholdResult[] {
  return thresholds.map((threshold) => judgeThreshold(threshold, measured, minSamples));
}

export function judgeThreshold(
  threshold: Threshold,
  measured: Measured,
  minSamples?: number,
): ThresholdResult {
  return threshold.kind === 'metric'
    ? judgeMetric(threshold, measured, minSamples)
    : judgeCount(threshold, measured);
}

function judgeCount(threshold: CountThreshold, measured: Measured): ThresholdResult {
  const { text: rule, comparison, limit, count, writtenIn } = threshold;
  const seen = countOf(count, measured);
  if (seen === null)
    return { rule, pass: false, seen, why: NOTHING_TO_COUNT[count] ?? 'nothing was counted' };
  return { rule, pass: compares(seen, comparison, limit), seen: shortened(seen / writtenIn) };
}

const NOTHING_AUDITED = 'no event came that could be audited';

const NOTHING_TO_COUNT: Partial<Record<CountThreshold['count'], string>> = {
  error_rate: 'there was no attempt',
  goodput: 'no stream ended or was left open',
  delivery_rate: NOTHING_AUDITED,
  missing: NOTHING_AUDITED,
  duplicated: NOTHING_AUDITED,
  out_of_order: NOTHING_AUDITED,
  replayed: NOTHING_AUDITED,
  unreached: NOTHING_AUDITED,
  partial: NOTHING_AUDITED,
};

function judgeMetric(
  threshold: MetricThreshold,
  { metrics, counts }: Measured,
  minSamples: number | undefined,
): ThresholdResult {
  const { text: rule, metric, comparison, limit, unit } = threshold;
  const histogram = metrics.get(metric);
  const nothing = histogram?.empty ?? true;
  if (nothing && isUpperLimit(comparison) && isOfOutages(metric) && wasHeld(counts)) {
    return { rule, pass: true, seen: null, why: 'no stream was interrupted' };
  }
  const figure = figureOf(threshold, histogram, minSamples);
  if ('none' in figure) return { rule, pass: false, seen: null, why: figure.none };
  const { ms, atLeast } = figure;
  const limitMs = inMs(limit, unit);
  const seen = shortened(ms / inMs(1, unit));
  const pass = compares(ms, comparison, limitMs);
  if (!atLeast) return { rule, pass, seen };
  const longest = histogram?.censored.longest ?? 0;
  const neverEnded = (histogram?.censored.lost ?? 0) > 0;
  const withinLimit = pass && !neverEnded && compares(longest, comparison, limitMs);
  if (isUpperLimit(comparison) && withinLimit) return { rule, pass, seen };
  if (!isUpperLimit(comparison) && pass) return { rule, pass, seen };
  return { rule, pass: false, seen, why: `at least that: ${cutShort(histogram)}` };
}

function figureOf(
  { statistic, metric }: MetricThreshold,
  histogram: LatencyHistogram | undefined,
  minSamples: number | undefined,
): Figure {
  if (histogram === undefined || histogram.count === 0) {
    // A server that never answers leaves nothing but values cut short.
    const { count = 0 } = histogram?.censored ?? {};
    return {
      none: count > 0 ? `there is no whole value: ${cutShort(histogram)}` : notMeasured(metric),
    };
  }
  switch (statistic) {
    case 'mean':
      return { ms: histogram.mean, atLeast: false };
    case 'min':
      return { ms: histogram.min, atLeast: false };
    case 'max': {
      const { longest, lost } = histogram.censored;
      if (lost > 0) return { ms: Math.max(longest, histogram.max), atLeast: true };
      return longest > histogram.max ? { ms: longest, atLeast: true } : { ms: histogram.max, atLeast: false };
    }
    default:
      return quantileOf(histogram, statistic.quantile, minSamples);
  }
}

function notMeasured(metric: MetricName): string {
  const ours =
    'we know of our own cuts as we make them; how long others went unnoticed, silence_before_end tells';
  return `no ${metric} was measured${metric === 'detect' ? `: ${ours}` : ''}`;
}

function quantileOf(histogram: LatencyHistogram, quantile: number, minSamples: number | undefined): Figure {
  const needed = Math.max(1, Math.ceil(minSamples ?? samplesFor(quantile)));
  const { value, atLeast } = histogram.quantile(quantile, needed);
  if (value !== null) return { ms: value, atLeast };
  return { none: `too few samples: ${histogram.count} of the ${needed} that this percentile needs` };
}

/** Whether streams were connected and none of them was interrupted, or ended by a failure for good. */
function wasHeld({ outages, opened, succeeded, failed, open, neverOpened }: Measured['counts']): boolean {
  // One that was connected in warm-up ends outside of it.
  const everOpened = opened > 0 || succeeded + open > neverOpened;
  return everOpened && outages === 0 && failed === 0;
}

function cutShort(histogram: LatencyHistogram | undefined): string {
  const { count, longest, lost } = histogram?.censored ?? { count: 0, longest: 0, lost: 0 };
  const values = count === 1 ? 'a value was' : `${count} values were`;
  const which = lost < count ? `${lost} of them` : count === 1 ? 'it' : 'they';
  const endless = `; ${which} ${lost === 1 ? 'counts' : 'count'} as endless`;
  return `${values} cut short, the longest after ${shortened(longest)} ms${lost === 0 ? '' : endless}`;
}

/** Without the noise of binary fractions. */
function shortened(value: number): number {
  return Number(value.toPrecision(12));
}
