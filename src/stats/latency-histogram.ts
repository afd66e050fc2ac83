import { Cells, MAX_MICROSECONDS, type SparseCells, upperEnd } from './cells.ts';
import { quantileCell } from './kaplan-meier.ts';
import { toMicroseconds } from './microseconds.ts';
import { samplesFor } from './quantiles.ts';

/** Upper end of what is recorded: one hour. */
const MAX_MS = MAX_MICROSECONDS / 1000;

const NONE: SparseCells = new Uint32Array();

/** A histogram on its way to another process: what it takes to add it to another one. */
export interface EncodedHistogram {
  cells: SparseCells;
  count: number;
  /** In microseconds. */
  sum: number;
  /** Milliseconds; the maximum is the true one. */
  min: number;
  max: number;
  clipped: number;
  /** Values that were cut short: their number, their cells, and the longest in milliseconds. */
  censored: number;
  censoredCells: SparseCells;
  longestCensored: number;
  /** Of them those that never came to their end. */
  lost: number;
}

export interface Quantile {
  /** Milliseconds; `null` where too few samples support it. */
  value: number | null;
  /** It lies beyond the longest whole value, among those that were cut short later: the true one is at least this. */
  atLeast: boolean;
}

/**
 * Durations of a metric: an HDR histogram of microseconds with three significant digits, from 0 to one hour. Histograms
 * are merged by adding their counts, so that quantiles of several processes are those of all their samples.
 *
 * Values that something cut short are right-censored: all that is known is that they were at least so long. They are
 * counted apart, and quantiles are those of the Kaplan–Meier estimator (Kaplan and Meier 1958): a value weighs for as long as
 * it was seen. So one that was left in the middle of a short gap does not look dead. That holds where what cut a value
 * short had nothing to do with it. One that its own end cut short, as a gap on a stream that was reset, is lost: it counts
 * as infinite, so that a stream that died does not look healthy.
 */
export class LatencyHistogram {
  readonly #cells = new Cells();
  #count = 0;
  /** In microseconds, so that it is exact. */
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #clipped = 0;
  /** Of the values that were cut short; made with the first one. */
  #cut: Cells | undefined;
  #censored = 0;
  #longestCensored = 0;
  #lost = 0;

  get count(): number {
    return this.#count;
  }

  get censored(): { count: number; longest: number; lost: number } {
    return { count: this.#censored, longest: this.#longestCensored, lost: this.#lost };
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
    this.#cells.record(microseconds);
  }

  /**
   * Records a value that an end cut short: it was at least so long.
   *
   * @throws RangeError for NaN
   */
  censor(ms: number): void {
    const seen = Math.max(0, Math.min(ms, MAX_MS));
    this.#cutShort(ms, Math.round(toMicroseconds(seen) * 1000));
  }

  /**
   * Records a value that came to no end of its own, and never would have: it counts as infinite.
   *
   * @param ms for how long it was seen
   * @throws RangeError for NaN
   */
  lose(ms: number): void {
    this.#cutShort(ms, MAX_MICROSECONDS);
    this.#lost += 1;
  }

  /**
   * The value that a share `q` of all values does not exceed.
   *
   * @param minSamples so many whole values are needed; by default n ≥ 3 / (1 − q)
   */
  quantile(q: number, minSamples = samplesFor(q)): Quantile {
    if (this.#count < minSamples || this.#count === 0) return { value: null, atLeast: false };
    const index = quantileCell(this.#cells.sparse(), this.#cut?.sparse() ?? NONE, q);
    if (index === undefined) return { value: this.#max, atLeast: true };
    // A cell's upper end may lie above every value in it.
    return { value: Math.min(upperEnd(index) / 1000, this.#max), atLeast: false };
  }

  /** What another one recorded, in this process or another. */
  add(other: EncodedHistogram): void {
    this.#cells.add(other.cells);
    if (other.censored > 0) {
      this.#cut ??= new Cells();
      this.#cut.add(other.censoredCells);
    }
    this.#count += other.count;
    this.#sum += other.sum;
    if (other.count > 0 && other.min < this.#min) this.#min = other.min;
    if (other.max > this.#max) this.#max = other.max;
    this.#clipped += other.clipped;
    this.#censored += other.censored;
    this.#lost += other.lost;
    if (other.longestCensored > this.#longestCensored) this.#longestCensored = other.longestCensored;
  }

  encode(): EncodedHistogram {
    return {
      cells: this.#cells.sparse(),
      count: this.#count,
      sum: this.#sum,
      min: this.min,
      max: this.#max,
      clipped: this.#clipped,
      censored: this.#censored,
      censoredCells: this.#cut?.sparse() ?? NONE,
      longestCensored: this.#longestCensored,
      lost: this.#lost,
    };
  }

  /** The distribution as other tools read it: V2 encoding, compressed, base64. */
  toBase64(): string {
    return this.#cells.toBase64();
  }

  /** Forgets everything: a new window begins. */
  reset(): void {
    this.#cells.reset();
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#clipped = 0;
    this.#cut?.reset();
    this.#censored = 0;
    this.#longestCensored = 0;
    this.#lost = 0;
  }

  #cutShort(ms: number, countedAs: number): void {
    if (Number.isNaN(ms)) throw new RangeError('a duration must be a number of milliseconds, not NaN');
    this.#censored += 1;
    if (ms > this.#longestCensored) this.#longestCensored = toMicroseconds(ms);
    this.#cut ??= new Cells();
    this.#cut.record(countedAs);
  }
}
