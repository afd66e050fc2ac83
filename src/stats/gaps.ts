import { createRequire } from 'node:module';
import { toMicroseconds } from './microseconds.ts';
import { type Quantiles, samplesFor } from './quantiles.ts';

/** Upper end of what is recorded: one hour. Longer gaps are clamped and counted as clipped. */
const MAX_MS = 3_600_000;

/**
 * So many gaps are kept as they are, and quantiles of them are exact. Beyond it they go into a histogram:
 * most runs never need one, and so never load it.
 */
const EXACT_GAPS = 4096;

interface Histogram {
  recordValue(value: number): void;
  getValueAtPercentile(percentile: number): number;
}

interface HistogramModule {
  default: new (lowest: number, highest: number, significantDigits: number) => Histogram;
}

/**
 * Collects gaps between arrivals and tells their quantiles, in bounded memory (about 100 KB at most).
 *
 * Up to 4,096 gaps quantiles are exact; beyond, they come from an HDR histogram of microseconds with three
 * significant digits. Gaps that something cut short are right-censored: counted apart, and taken as
 * infinite where quantiles are ranked, so that a stream that died does not look healthy.
 */
export class GapRecorder {
  #exact: number[] = [];
  #histogram: Histogram | undefined;
  #count = 0;
  /** In microseconds, so that it is exact. */
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #clipped = 0;
  #censored = 0;
  #longestCensored = 0;
  #leftOut = 0;

  /**
   * Records one whole gap, to the microsecond. Negative values and values above one hour are clamped and counted as
   * clipped; the true maximum is kept.
   * @throws RangeError for NaN, which is a bug of the caller
   */
  record(gapMs: number): void {
    refuseNaN(gapMs);
    const ms = toMicroseconds(gapMs);
    const clamped = Math.max(0, Math.min(ms, MAX_MS));
    if (clamped !== ms) this.#clipped += 1;
    this.#count += 1;
    this.#sum += Math.round(clamped * 1000);
    if (clamped < this.#min) this.#min = clamped;
    if (ms > this.#max) this.#max = ms;
    if (this.#histogram !== undefined) {
      this.#histogram.recordValue(Math.round(clamped * 1000));
    } else {
      this.#exact.push(clamped);
      if (this.#exact.length > EXACT_GAPS) this.#moveToHistogram();
    }
  }

  /**
   * Records a gap that the end of the stream or of the run cut short: it was at least so long.
   * @throws RangeError for NaN
   */
  censor(gapMs: number): void {
    refuseNaN(gapMs);
    const ms = toMicroseconds(gapMs);
    this.#censored += 1;
    if (ms > this.#longestCensored) this.#longestCensored = ms;
  }

  /** Counts a gap that was held up on our side, and says nothing of the server. */
  leaveOut(): void {
    this.#leftOut += 1;
  }

  /** The figures so far. May be called at any time, and again later. */
  quantiles(): Quantiles {
    const sorted = this.#histogram === undefined ? Float64Array.from(this.#exact).sort() : undefined;
    const p50 = this.#quantile(0.5, sorted);
    const p99 = this.#quantile(0.99, sorted);
    return {
      count: this.#count,
      min: this.#count === 0 ? 0 : this.#min,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count / 1000,
      p50: p50.value,
      ...(p50.atLeast ? { p50AtLeast: true as const } : {}),
      p99: p99.value,
      ...(p99.atLeast ? { p99AtLeast: true as const } : {}),
      max: this.#max,
      ...(this.#clipped > 0 ? { clipped: this.#clipped } : {}),
      censored: { count: this.#censored, longest: this.#longestCensored },
      ...(this.#leftOut > 0 ? { leftOut: this.#leftOut } : {}),
    };
  }

  /**
   * The value that a share `q` of all gaps does not exceed, censored ones ranked last. Where the rank falls
   * among those, all that can be said is: at least the longest whole gap.
   */
  #quantile(q: number, sorted: Float64Array | undefined): { value: number | null; atLeast: boolean } {
    if (this.#count < samplesFor(q)) return { value: null, atLeast: false };
    const rank = Math.ceil(q * (this.#count + this.#censored));
    if (rank > this.#count) return { value: this.#max, atLeast: true };
    const value = sorted?.[rank - 1] ?? this.#fromHistogram(rank);
    return { value, atLeast: false };
  }

  #fromHistogram(rank: number): number {
    const microseconds = this.#histogram?.getValueAtPercentile((100 * rank) / this.#count) ?? 0;
    // The histogram answers with the upper end of a bucket, which may lie above every gap in it.
    return Math.min(microseconds / 1000, this.#max);
  }

  #moveToHistogram(): void {
    // Loaded here and not imported: a run with few gaps never pays for it. The one part that is needed takes under
    // 5 ms, the package's index ten times as long.
    const require = createRequire(import.meta.url);
    const { default: Int32Histogram } = require('hdr-histogram-js/dist/Int32Histogram.js') as HistogramModule;
    const histogram = new Int32Histogram(1, MAX_MS * 1000, 3);
    for (const ms of this.#exact) histogram.recordValue(Math.round(ms * 1000));
    this.#histogram = histogram;
    this.#exact = [];
  }
}

function refuseNaN(ms: number): void {
  if (Number.isNaN(ms)) throw new RangeError('a gap must be a number of milliseconds, not NaN');
}
