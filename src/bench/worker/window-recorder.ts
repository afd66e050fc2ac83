import type { SseKitError } from '../../client/errors.ts';
import type { DeliverySnapshot } from '../../results/bench/delivery.ts';
import { ErrorCounts } from '../../results/bench/error-counts.ts';
import { noCounts, noEndings, noStorm } from '../../results/bench/figures.ts';
import { type Ending, METRICS, type MetricName } from '../../results/bench/metric.ts';
import type { MetricsSnapshot, Population, StormCounts } from '../../results/bench/snapshot.ts';
import { type EncodedHistogram, LatencyHistogram } from '../../stats/latency-histogram.ts';
import { toMicroseconds } from '../../stats/microseconds.ts';

/** Told of each value, for a proof that figures of histograms are those of all values. */
export type SampleSink = (metric: MetricName, ms: number) => void;

/** What all streams of a worker record into; once a window, it is taken out and begins anew. */
export class WindowRecorder {
  counts = noCounts();
  readonly storm = noStorm();
  readonly goodput = { good: 0, of: 0 };
  readonly #histograms: Record<MetricName, LatencyHistogram>;
  readonly #recovery = new LatencyHistogram();
  readonly #lifetimes = new Map<Ending, LatencyHistogram>();
  #endings = noEndings();
  #shortestCut: Partial<Record<Ending, number>> = {};
  #errors = new ErrorCounts();
  readonly #samples: SampleSink | undefined;

  constructor(samples?: SampleSink) {
    this.#samples = samples;
    const entries = METRICS.map(({ name }) => [name, new LatencyHistogram()] as const);
    this.#histograms = Object.fromEntries(entries) as Record<MetricName, LatencyHistogram>;
  }

  /** @param ms milliseconds */
  record(metric: MetricName, ms: number): void {
    this.#histograms[metric].record(ms);
    this.#samples?.(metric, ms);
  }

  /** An end cut it short: it was at least so long. */
  censor(metric: MetricName, ms: number): void {
    this.#histograms[metric].censor(ms);
  }

  /** It came to no end, and never would have. */
  lose(metric: MetricName, ms: number): void {
    this.#histograms[metric].lose(ms);
  }

  /** An attempt ended after so long. */
  ended(ending: Ending, lifetimeMs: number): void {
    this.#endings[ending] += 1;
    let lifetime = this.#lifetimes.get(ending);
    if (lifetime === undefined) {
      lifetime = new LatencyHistogram();
      this.#lifetimes.set(ending, lifetime);
    }
    lifetime.record(lifetimeMs);
  }

  /** The server, or something on the way, ended a stream after so much silence. */
  cutAfter(ending: Ending, silentMs: number): void {
    const known = this.#shortestCut[ending] ?? Number.POSITIVE_INFINITY;
    this.#shortestCut[ending] = Math.min(known, toMicroseconds(silentMs));
  }

  /** The storm has cut a stream, so long after it began. */
  cut(ms: number): void {
    this.storm.cut += 1;
    this.storm.cutWithin = Math.max(this.storm.cutWithin, ms);
  }

  /** A stream of the storm is back, so long after that began. */
  recovered(ms: number): void {
    this.#recovery.record(ms);
  }

  error(error: Pick<SseKitError, 'code' | 'message' | 'exitCode'>): void {
    this.#errors.add(error);
  }

  /** What was recorded since the last time. */
  take(fromMs: number, toMs: number, population: Population, delivery?: DeliverySnapshot): MetricsSnapshot {
    const storm: StormCounts = { ...this.storm, recovery: this.#recovery.encode() };
    const snapshot: MetricsSnapshot = {
      fromMs,
      toMs,
      counts: this.counts,
      endings: this.#endings,
      ...population,
      histograms: encoded(Object.entries(this.#histograms)),
      lifetime: encoded([...this.#lifetimes]),
      shortestCut: this.#shortestCut,
      ...(storm.cut + storm.recovery.count + storm.status429 + storm.status503 > 0 ? { storm } : {}),
      ...(this.goodput.of > 0 ? { goodput: { ...this.goodput } } : {}),
      ...(delivery === undefined ? {} : { delivery }),
      errors: this.#errors.list,
    };
    this.#reset();
    return snapshot;
  }

  #reset(): void {
    this.counts = noCounts();
    this.#endings = noEndings();
    this.#shortestCut = {};
    this.#errors = new ErrorCounts();
    Object.assign(this.storm, noStorm());
    Object.assign(this.goodput, { good: 0, of: 0 });
    const all = [...Object.values(this.#histograms), ...this.#lifetimes.values(), this.#recovery];
    for (const histogram of all) if (!histogram.empty) histogram.reset();
  }
}

function encoded<Name extends string>(
  histograms: readonly (readonly [string, LatencyHistogram])[],
): Partial<Record<Name, EncodedHistogram>> {
  const recorded = histograms.filter(([, histogram]) => !histogram.empty);
  return Object.fromEntries(recorded.map(([name, histogram]) => [name, histogram.encode()])) as Partial<
    Record<Name, EncodedHistogram>
  >;
}
