import type { Measured } from '../../../src/bench/thresholds/measured.ts';
import type { MetricName } from '../../../src/results/bench/metric.ts';
import { LatencyHistogram } from '../../../src/stats/latency-histogram.ts';

const NO_COUNTS: Measured['counts'] = {
  planned: 0,
  started: 0,
  succeeded: 0,
  failed: 0,
  open: 0,
  attempts: 0,
  failedAttempts: 0,
  events: 0,
  comments: 0,
  bytes: 0,
  wireBytes: 0,
  reads: 0,
  coalescedEvents: 0,
  outages: 0,
  opened: 0,
  withheld: 0,
  neverOpened: 0,
  http2: 0,
};

/** What a run has measured: nothing but what is given. */
export function measured(
  counts: Partial<Measured['counts']> = {},
  more: Partial<Omit<Measured, 'counts'>> = {},
): Measured {
  return {
    counts: { ...NO_COUNTS, ...counts },
    seconds: 10,
    metrics: new Map(),
    delivery: undefined,
    goodput: undefined,
    ...more,
  };
}

/** Of one metric: whole values, and values cut short, in milliseconds. */
export function values(
  metric: MetricName,
  whole: readonly number[],
  cutShort: readonly number[] = [],
): Measured {
  const histogram = new LatencyHistogram();
  for (const each of whole) histogram.record(each);
  for (const each of cutShort) histogram.censor(each);
  return measured({}, { metrics: new Map([[metric, histogram]]) });
}

export const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
