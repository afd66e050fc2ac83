import type { Audit } from '../../results/bench/delivery.ts';
import type { MetricName } from '../../results/bench/metric.ts';
import type { Counts } from '../../results/bench/snapshot.ts';
import type { LatencyHistogram } from '../../stats/latency-histogram.ts';
import type { CountName } from './threshold.ts';

/** What rules are judged by: what was measured outside of warm-up, by all workers together. */
export interface Measured {
  counts: Counts;
  /** How long it was measured for. */
  seconds: number;
  metrics: ReadonlyMap<MetricName, LatencyHistogram>;
  /** `undefined` where nothing is audited. */
  delivery: Audit | undefined;
  /** `undefined` without a rule. */
  goodput: { good: number; of: number } | undefined;
}

/** A count or rate, shares in percent; `null` where there is nothing to count or to divide by. */
export function countOf(name: CountName, { counts, seconds, delivery, goodput }: Measured): number | null {
  switch (name) {
    case 'started':
    case 'succeeded':
    case 'failed':
    case 'open':
    case 'attempts':
    case 'events':
    case 'comments':
    case 'bytes':
    case 'outages':
      return counts[name];
    case 'never_opened':
      return counts.neverOpened;
    case 'failed_attempts_count':
      return counts.failedAttempts;
    case 'error_rate':
      return percent(counts.failedAttempts, counts.attempts);
    case 'events_per_second':
      return seconds > 0 ? counts.events / seconds : null;
    case 'delivery_rate':
      return delivery === undefined ? null : percent(delivery.received, delivery.received + delivery.missing);
    case 'goodput':
      return goodput === undefined ? null : percent(goodput.good, goodput.of);
    case 'received':
      return delivery?.received ?? null;
    case 'unreached':
      return isEmpty(delivery) && delivery?.unreached === 0 ? null : (delivery?.unreached ?? null);
    default:
      return isEmpty(delivery) ? null : (delivery?.[name] ?? null);
  }
}

/** An audit that had nothing to look at: nothing is missing where nothing ever came, which says nothing. */
function isEmpty(delivery: Audit | undefined): boolean {
  return delivery === undefined || delivery.received + delivery.missing === 0;
}

function percent(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}
