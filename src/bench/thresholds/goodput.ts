import type { MetricName } from '../../results/bench/metric.ts';

/** A stream is good when every value of these metrics that it had is below the limit, and it had what it must have. */
export interface GoodputRule {
  /** As it was written. */
  text: string;
  limits: readonly { metric: MetricName; comparison: '<' | '<='; limitMs: number }[];
}
