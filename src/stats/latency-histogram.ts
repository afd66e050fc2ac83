import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { toMicroseconds } from './microseconds.ts';
import { samplesFor } from './quantiles.ts';

/** Upper end of what is recorded: one hour. */
const MAX_MS = 3_600_000;

const SIGNIFICANT_DIGITS = 3;

/** A histogram on its way to another process: what it takes to add it to another one. */
export interface EncodedHistogram {
  /** Of the cells that hold something: index, count, index, count … */
  cells: Uint32Array;
  count: number;
  /** In microseconds. */
  sum: number;
  /** Milliseconds; the maximum is the true one. */
  min: number;
  max: number;
  clipped: number;
  censored: number;
  /** Milliseconds. */
  longestCensored: number;
}

export interface Quantile {
  /** Milliseconds; `null` where too few samples support it. */
  value: number | null;
  /** It falls among values that were cut short: the true one is at least this. */
  atLeast: boolean;
}

/**
 * Durations of a metric: an HDR histogram of microseconds with three significant digits, from 0 to one hour. Histograms
 * are merged by adding their counts, so that quantiles of several processes are those of all their samples.
 *
 * Values that something cut short are right-censored: counted apart, and taken as infinite where quantiles are
 * ranked, so that a stream that died does not look healthy.
 */
export class LatencyHistogram {
  readonly #histogram = new Int32Histogram(1, MAX_MS * 1000, SIGNIFICANT_DIGITS);
  #count = 0;
  /** In microseconds, so that it is exact. */
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #clipped = 0;
  #censored = 0;
  #longestCensored = 0;

  get count(): number {
    return this.#count;
  }

  get censored(): { count: number; longest: number } {
    return { count: this.#censored, longest: this.#longestCensored };
  }

  get clipped(): number {
    return this.#clipped;
  }

  /** Milliseconds; 0 without samples. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  get max(): number {
    return this.#max;
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count / 1000;
  }

  get empty(): boolean {
    return this.#count === 0 && this.#censored === 0;
  }

  /**
   * Records a whole value, to the microsecond. Values outside of 0 to one hour are clamped and counted as clipped; the
   * true maximum is kept.
   *
   * @throws RangeError for NaN, which is a bug of the caller
   */
  record(ms: number): void {
    if (Number.isNaN(ms)) throw new RangeError('a duration must be a number of milliseconds, not NaN');
    const whole = toMicroseconds(ms);
    const clamped = whole < 0 ? 0 : whole > MAX_MS ? MAX_MS : whole;
    if (clamped !== whole) this.#clipped += 1;
    const microseconds = Math.round(clamped * 1000);
    this.#count += 1;
    this.#sum += microseconds;
    if (clamped < this.#min) this.#min = clamped;
    if (whole > this.#max) this.#max = whole;
    this.#histogram.recordValue(microseconds);
  }

  /**
   * Records a value that an end cut short: it was at least so long.
   *
   * @throws RangeError for NaN
   */
  censor(ms: number): void {
    if (Number.isNaN(ms)) throw new RangeError('a duration must be a number of milliseconds, not NaN');
    this.#censored += 1;
    if (ms > this.#longestCensored) this.#longestCensored = toMicroseconds(ms);
  }

  /**
   * The value that a share `q` of all values does not exceed, those cut short ranked last. Where the rank falls among
   * them, all that can be said is: at least the longest whole one.
   *
   * @param minSamples so many are needed; by default n ≥ 3 / (1 − q)
   */
  quantile(q: number, minSamples = samplesFor(q)): Quantile {
    if (this.#count < minSamples || this.#count === 0) return { value: null, atLeast: false };
    const rank = Math.ceil(q * (this.#count + this.#censored));
    if (rank > this.#count) return { value: this.#max, atLeast: true };
    const microseconds = this.#histogram.getValueAtPercentile((100 * rank) / this.#count);
    // The histogram answers with the upper end of a bucket, which may lie above every value in it.
    return { value: Math.min(microseconds / 1000, this.#max), atLeast: false };
  }

  /** What another one recorded, in this process or another. */
  add(other: EncodedHistogram): void {
    const { cells } = other;
    for (let at = 0; at + 1 < cells.length; at += 2) {
      const value = this.#histogram.valueFromIndex(cells[at] as number);
      this.#histogram.recordValueWithCount(value, cells[at + 1] as number);
    }
    this.#count += other.count;
    this.#sum += other.sum;
    if (other.count > 0 && other.min < this.#min) this.#min = other.min;
    if (other.max > this.#max) this.#max = other.max;
    this.#clipped += other.clipped;
    this.#censored += other.censored;
    if (other.longestCensored > this.#longestCensored) this.#longestCensored = other.longestCensored;
  }

  encode(): EncodedHistogram {
    return {
      cells: this.#cells(),
      count: this.#count,
      sum: this.#sum,
      min: this.min,
      max: this.#max,
      clipped: this.#clipped,
      censored: this.#censored,
      longestCensored: this.#longestCensored,
    };
  }

  /** The distribution as other tools read it: V2 encoding, compressed, base64. */
  toBase64(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  #cells(): Uint32Array {
    if (this.#count === 0) return new Uint32Array();
    const histogram = this.#histogram;
    const first = histogram.countsArrayIndex(Math.round(this.#min * 1000));
    const last = histogram.countsArrayIndex(histogram.maxValue);
    const cells: number[] = [];
    for (let index = first; index <= last; index += 1) {
      const count = histogram.getCountAtIndex(index);
      if (count > 0) cells.push(index, count);
    }
    return Uint32Array.from(cells);
  }

  /** Forgets everything: a new window begins. */
  reset(): void {
    this.#histogram.reset();
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#clipped = 0;
    this.#censored = 0;
    this.#longestCensored = 0;
  }
}
