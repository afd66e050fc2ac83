import type { MetricName } from '../../results/bench/metric.ts';
import type { GoodputRule } from '../thresholds/goodput.ts';

/** Whether values keep the rule of `--goodput`. */
export class GoodputWatch {
  /** Where several limits are on one metric, the strictest. */
  readonly #limits = new Map<MetricName, { limitMs: number; inclusive: boolean }>();

  constructor({ limits }: GoodputRule) {
    for (const { metric, comparison, limitMs } of limits) {
      const known = this.#limits.get(metric);
      const inclusive = comparison === '<=';
      const stricter =
        known === undefined || limitMs < known.limitMs || (limitMs === known.limitMs && !inclusive);
      if (stricter) this.#limits.set(metric, { limitMs, inclusive });
    }
  }

  keeps(metric: MetricName, ms: number): boolean {
    const limit = this.#limits.get(metric);
    return limit === undefined || ms < limit.limitMs || (limit.inclusive && ms === limit.limitMs);
  }

  limits(metric: MetricName): boolean {
    return this.#limits.has(metric);
  }

  /** One that was cut short was longer than what was seen of it. */
  mayKeep(metric: MetricName, atLeastMs: number): boolean {
    const limit = this.#limits.get(metric);
    return limit === undefined || atLeastMs < limit.limitMs;
  }
}
