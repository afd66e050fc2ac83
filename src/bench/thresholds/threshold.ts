import type { Comparison, Limit } from '../../notation/comparison.ts';
import type { MetricName } from '../../results/bench/metric.ts';

/** Which figure of a metric a rule is about. */
export type Statistic = 'mean' | 'min' | 'max' | { quantile: number };

/** Counts and rates that a rule may be about, which have no statistic. */
export type CountName =
  | 'started'
  | 'succeeded'
  | 'failed'
  | 'open'
  | 'never_opened'
  | 'attempts'
  | 'failed_attempts_count'
  | 'events'
  | 'comments'
  | 'bytes'
  | 'outages'
  | 'error_rate'
  | 'events_per_second'
  | 'missing'
  | 'duplicated'
  | 'out_of_order'
  | 'replayed'
  | 'received'
  | 'unreached'
  | 'partial'
  | 'delivery_rate'
  | 'goodput';

/** A rule of `--threshold`, understood. */
export type Threshold = MetricThreshold | CountThreshold;

interface Rule {
  /** As it was written. */
  text: string;
  /** In `unit`. */
  limit: number;
}

/** No duration is ever exactly as long as another: only limits make sense. */
export interface MetricThreshold extends Rule {
  kind: 'metric';
  metric: MetricName;
  statistic: Statistic;
  comparison: Limit;
  unit: 'us' | 'ms' | 's' | 'min';
}

export interface CountThreshold extends Rule {
  kind: 'count';
  count: CountName;
  comparison: Comparison;
  unit: '%' | '/s' | 'B' | '';
  /** The unit that it is written in, in `unit`: 1,048,576 of `1MB`, 1/60 of `100/m`. */
  writtenIn: number;
}
