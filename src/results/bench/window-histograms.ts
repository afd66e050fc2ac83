import { LatencyHistogram } from '../../stats/latency-histogram.ts';
import type { MetricName } from './metric.ts';
import type { Censored } from './result.ts';
import type { MetricsSnapshot } from './snapshot.ts';

/** What was recorded of a metric in a window. */
export interface WindowHistogram {
  count: number;
  /** Milliseconds. */
  max: number;
  /** Values cut short, and the longest of them in milliseconds; absent where there were none. */
  censored?: Censored;
  /** As in the result: an HDR histogram of microseconds, V2 encoding, compressed, base64. */
  hdr: string;
}

/** The histograms of a window as other programs read them. */
export function windowHistograms({
  histograms,
}: MetricsSnapshot): Partial<Record<MetricName, WindowHistogram>> {
  const entries = Object.entries(histograms).map(([metric, encoded]) => {
    const histogram = new LatencyHistogram();
    histogram.add(encoded);
    const { count, max, censored } = histogram;
    const cut = censored.count === 0 ? {} : { censored };
    return [metric, { count, max, ...cut, hdr: histogram.toBase64() }];
  });
  return Object.fromEntries(entries);
}
