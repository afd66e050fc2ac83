import type { Measured } from '../../../src/bench/thresholds/measured.ts';
import { noCounts } from '../../../src/results/bench/figures.ts';
import type { MetricName } from '../../../src/results/bench/metric.ts';
import { LatencyHistogram } from '../../../src/stats/latency-histogram.ts';

/** What a run has measured: nothing but what is given. */
export function measured(
  counts: Partial<Measured['counts']> = {},
  more: Partial<Omit<Measured, 'counts'>> = {},
): Measured {
  return {
    counts: { ...noCounts(), ...counts },
    seconds: 10,
    metrics: new Map(),
    delivery: undefined,
    goodput: undefined,
    ...more,
  };
}

/** Of one metric: whole values, values cut short, and values that never came to an end, in milliseconds. */
export function values(
  metric: MetricName,
  whole: readonly number[],
  cutShort: readonly number[] = [],
  lost: readonly number[] = [],
): Measured {
  const histogram = new LatencyHistogram();
  for (const each of whole) histogram.record(each);
  for (const each of cutShort) histogram.censor(each);
  for (const each of lost) histogram.lose(each);
  return measured({}, { metrics: new Map([[metric, histogram]]) });
}

export const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
