import type { MetricName } from '../../../src/results/bench/metric.ts';

/** Keeps what is measured, in the order it was. */
export class Measured {
  readonly recorded: [MetricName, number][] = [];
  readonly censored: [MetricName, number][] = [];
  readonly lost: [MetricName, number][] = [];

  record(metric: MetricName, ms: number): void {
    this.recorded.push([metric, ms]);
  }

  censor(metric: MetricName, ms: number): void {
    this.censored.push([metric, ms]);
  }

  lose(metric: MetricName, ms: number): void {
    this.lost.push([metric, ms]);
  }

  of(metric: MetricName): number[] {
    return this.recorded.flatMap(([name, ms]) => (name === metric ? [ms] : []));
  }

  cutShort(metric: MetricName): number[] {
    return this.censored.flatMap(([name, ms]) => (name === metric ? [ms] : []));
  }
}
