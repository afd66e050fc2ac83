import { type EncodedHistogram, LatencyHistogram } from '../../stats/latency-histogram.ts';
import { addDelivery, type DeliverySnapshot } from './delivery.ts';
import { ErrorCounts } from './error-counts.ts';
import { ENDINGS, type Ending, type MetricName } from './metric.ts';
import type { Censored, MetricFigures } from './result.ts';
import type { Counts, ErrorCount, MetricsSnapshot, Population, StormCounts } from './snapshot.ts';

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/** Snapshots of any number of windows, workers and machines, added up. */
export class Figures {
  readonly counts: Counts;
  readonly endings: Record<Ending, number>;
  readonly metrics = new Map<MetricName, LatencyHistogram>();
  readonly lifetimes = new Map<Ending, LatencyHistogram>();
  readonly shortestCut: Partial<Record<Ending, number>> = {};
  readonly recovery = new LatencyHistogram();
  storm: Omit<StormCounts, 'recovery'> | undefined;
  delivery: DeliverySnapshot | undefined;
  goodput: { good: number; of: number } | undefined;
  readonly #errors = new ErrorCounts();

  constructor() {
    this.counts = noCounts();
    this.endings = noEndings();
  }

  /** The most frequent first. */
  get errors(): ErrorCount[] {
    return this.#errors.list;
  }

  add(snapshot: MetricsSnapshot): void {
    addCounts(this.counts, snapshot.counts);
    addCounts(this.endings, snapshot.endings);
    addHistograms(this.metrics, snapshot.histograms);
    addHistograms(this.lifetimes, snapshot.lifetime);
    for (const [ending, ms] of Object.entries(snapshot.shortestCut) as [Ending, number][]) {
      this.shortestCut[ending] = Math.min(ms, this.shortestCut[ending] ?? Number.POSITIVE_INFINITY);
    }
    const { storm, delivery, goodput } = snapshot;
    if (storm !== undefined) {
      this.storm ??= noStorm();
      this.storm.cut += storm.cut;
      this.storm.cutWithin = Math.max(this.storm.cutWithin, storm.cutWithin);
      this.storm.status429 += storm.status429;
      this.storm.status503 += storm.status503;
      this.recovery.add(storm.recovery);
    }
    if (delivery !== undefined) this.delivery = addDelivery(this.delivery, delivery);
    if (goodput !== undefined) {
      this.goodput ??= { good: 0, of: 0 };
      addCounts(this.goodput, goodput);
    }
    for (const error of snapshot.errors) this.#errors.merge(error);
  }

  /** @param metric one in which nothing was recorded has a histogram, too */
  histogram(metric: MetricName): LatencyHistogram {
    return this.metrics.get(metric) ?? new LatencyHistogram();
  }

  /** Censored values of the metrics that have some. */
  censored(): Partial<Record<MetricName, Censored>> {
    const some = [...this.metrics].filter(([, histogram]) => histogram.censored.count > 0);
    return Object.fromEntries(some.map(([name, histogram]) => [name, histogram.censored]));
  }

  /** All of it as one snapshot again. */
  snapshot(span: Pick<MetricsSnapshot, 'fromMs' | 'toMs'>, population: Population): MetricsSnapshot {
    const { storm, delivery, goodput } = this;
    return {
      ...span,
      ...population,
      counts: this.counts,
      endings: this.endings,
      histograms: encoded(this.metrics),
      lifetime: encoded(this.lifetimes),
      shortestCut: this.shortestCut,
      ...(storm === undefined ? {} : { storm: { ...storm, recovery: this.recovery.encode() } }),
      ...(delivery === undefined ? {} : { delivery }),
      ...(goodput === undefined ? {} : { goodput }),
      errors: this.errors,
    };
  }
}

/** @param minSamples so many does each quantile need; by default n ≥ 3 / (1 − q) */
export function figuresOf(histogram: LatencyHistogram, minSamples?: number): MetricFigures {
  const values = Object.entries(QUANTILES).map(
    ([name, q]) => [name, histogram.quantile(q, minSamples)] as const,
  );
  const atLeast = values
    .filter(([, quantile]) => quantile.atLeast)
    .map(([name]) => name as keyof typeof QUANTILES);
  const quantiles = Object.fromEntries(values.map(([name, { value }]) => [name, value]));
  return {
    unit: 'ms',
    count: histogram.count,
    min: histogram.min,
    mean: histogram.mean,
    ...(quantiles as Record<keyof typeof QUANTILES, number | null>),
    max: histogram.max,
    ...(atLeast.length > 0 ? { atLeast } : {}),
    clipped: histogram.clipped,
    hdr: histogram.toBase64(),
  };
}

export function noStorm(): Omit<StormCounts, 'recovery'> {
  return { cut: 0, cutWithin: 0, status429: 0, status503: 0 };
}

export function noCounts(): Counts {
  return {
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
}

export function noEndings(): Record<Ending, number> {
  return Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>;
}

function addCounts<T extends object>(sum: T, more: T): void {
  const counts = sum as Record<string, number>;
  for (const [name, count] of Object.entries(more) as [string, number][]) {
    counts[name] = (counts[name] ?? 0) + count;
  }
}

function addHistograms<Name extends string>(
  sums: Map<Name, LatencyHistogram>,
  more: Partial<Record<Name, EncodedHistogram>>,
): void {
  for (const [name, encoded] of Object.entries(more) as [Name, EncodedHistogram][]) {
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = new LatencyHistogram();
      sums.set(name, sum);
    }
    sum.add(encoded);
  }
}

function encoded<Name extends string>(
  histograms: ReadonlyMap<Name, LatencyHistogram>,
): Partial<Record<Name, EncodedHistogram>> {
  const entries = [...histograms].map(([name, histogram]) => [name, histogram.encode()]);
  return Object.fromEntries(entries) as Partial<Record<Name, EncodedHistogram>>;
}
