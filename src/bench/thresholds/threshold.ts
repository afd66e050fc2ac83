import type { MetricName } from '../../results/bench/metric.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** Which figure of a metric a rule is about. */
export type Statistic = 'mean' | 'min' | 'max' | { quantile: number };

/** Counts and rates that a rule may be about, which have no statistic. */
export type CountName =
  | 'started'
  | 'succeeded'
  | 'failed'
  | 'open'
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
  | 'delivery_rate'
  | 'goodput';

/** A rule of `--threshold`, understood. */
export type Threshold = {
  /** As it was written. */
  text: string;
  comparison: Comparison;
  /** In `unit`. */
  limit: number;
  unit: 'ms' | 's' | 'us' | 'min' | '%' | '/s' | 'B' | '';
} & ({ kind: 'metric'; metric: MetricName; statistic: Statistic } | { kind: 'count'; count: CountName });
