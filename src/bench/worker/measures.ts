import type { MetricName } from '../../results/bench/metric.ts';

/** Takes what is measured on one stream, in milliseconds. */
export interface Measures {
  record(metric: MetricName, ms: number): void;
  /** We looked no longer: it took at least so long. */
  censor(metric: MetricName, ms: number): void;
  /** It never came to its end: what would have ended it is gone. */
  lose(metric: MetricName, ms: number): void;
}

/** How a value is cut short that has not come to its end. */
export type Cut = Exclude<keyof Measures, 'record'>;
