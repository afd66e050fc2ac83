import { createRequire } from 'node:module';
import type { Int32Histogram as PlainHistogram } from 'hdr-histogram-js';
import { toMicroseconds } from './microseconds.ts';
import { samplesFor } from './quantiles.ts';

type Histogram = PlainHistogram & { encodeIntoCompressedBase64(): string };

/** The parts that are needed: the package's index takes ten times as long to load, and brings WebAssembly along. */
const require = createRequire(import.meta.url);
const { default: Int32Histogram } = require('hdr-histogram-js/dist/Int32Histogram.js') as {
  default: new (lowest: number, highest: number, significantDigits: number) => Histogram;
};
// Teaches histograms their encoding.
require('hdr-histogram-js/dist/JsHistogram.encoding.js');

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
  /** Values that were cut short: their number, their cells, and the longest in milliseconds. */
  censored: number;
  censoredCells: Uint32Array;
  longestCensored: number;
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
 * it was seen. So a stream that died does not look healthy, and one that was left in the middle of a short gap does not
 * look dead.
 */
export class LatencyHistogram {
  readonly #histogram = emptyHistogram();
  #count = 0;
  /** In microseconds, so that it is exact. */
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #clipped = 0;
  /** Of the values that were cut short; made with the first one. */
  #cut: Histogram | undefined;
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
    const whole = Math.max(0, toMicroseconds(ms));
    this.#censored += 1;
    if (whole > this.#longestCensored) this.#longestCensored = whole;
    this.#cut ??= emptyHistogram();
    this.#cut.recordValue(Math.round(Math.min(whole, MAX_MS) * 1000));
  }

  /**
   * The value that a share `q` of all values does not exceed.
   *
   * @param minSamples so many whole values are needed; by default n ≥ 3 / (1 − q)
   */
  quantile(q: number, minSamples = samplesFor(q)): Quantile {
    if (this.#count < minSamples || this.#count === 0) return { value: null, atLeast: false };
    if (this.#cut === undefined) return this.#within(this.#histogram.getValueAtPercentile(100 * q));
    const index = survivalIndex(cellsOf(this.#histogram), cellsOf(this.#cut), 1 - q);
    if (index === undefined) return { value: this.#max, atLeast: true };
    return this.#within(this.#histogram.highestEquivalentValue(this.#histogram.valueFromIndex(index)));
  }

  /** A cell's upper end may lie above every value in it. */
  #within(microseconds: number): Quantile {
    return { value: Math.min(microseconds / 1000, this.#max), atLeast: false };
  }

  /** What another one recorded, in this process or another. */
  add(other: EncodedHistogram): void {
    addCells(this.#histogram, other.cells);
    if (other.censored > 0) {
      this.#cut ??= emptyHistogram();
      addCells(this.#cut, other.censoredCells);
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
      cells: cellsOf(this.#histogram),
      count: this.#count,
      sum: this.#sum,
      min: this.min,
      max: this.#max,
      clipped: this.#clipped,
      censored: this.#censored,
      censoredCells: this.#cut === undefined ? new Uint32Array() : cellsOf(this.#cut),
      longestCensored: this.#longestCensored,
    };
  }

  /** The distribution as other tools read it: V2 encoding, compressed, base64. */
  toBase64(): string {
    return this.#histogram.encodeIntoCompressedBase64();
  }

  /** Forgets everything: a new window begins. */
  reset(): void {
    this.#histogram.reset();
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#clipped = 0;
    this.#cut?.reset();
    this.#censored = 0;
    this.#longestCensored = 0;
  }
}

function emptyHistogram(): Histogram {
  return new Int32Histogram(1, MAX_MS * 1000, SIGNIFICANT_DIGITS);
}

/** Of the cells that hold something: index, count, index, count … */
function cellsOf(histogram: Histogram): Uint32Array {
  const cells: number[] = [];
  if (histogram.totalCount === 0) return new Uint32Array();
  const last = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = 0; index <= last; index += 1) {
    const count = histogram.getCountAtIndex(index);
    if (count > 0) cells.push(index, count);
  }
  return Uint32Array.from(cells);
}

function addCells(histogram: Histogram, cells: Uint32Array): void {
  for (let at = 0; at + 1 < cells.length; at += 2) {
    histogram.recordValueWithCount(histogram.valueFromIndex(cells[at] as number), cells[at + 1] as number);
  }
}

/**
 * The first cell with whole values at which the estimated share of values beyond it is no more than `beyond`. A value that
 * was cut short in a cell was still under way at the whole values of that cell.
 */
function survivalIndex(whole: Uint32Array, cut: Uint32Array, beyond: number): number | undefined {
  let atRisk = countIn(whole) + countIn(cut);
  let survival = 1;
  let nextCut = 0;
  for (let at = 0; at + 1 < whole.length; at += 2) {
    const index = whole[at] as number;
    const count = whole[at + 1] as number;
    for (; nextCut + 1 < cut.length && (cut[nextCut] as number) < index; nextCut += 2) {
      atRisk -= cut[nextCut + 1] as number;
    }
    survival *= 1 - count / atRisk;
    atRisk -= count;
    // Products of fractions end a few units in the last place away from the share they stand for.
    if (survival <= beyond + 1e-9) return index;
  }
  return undefined;
}

function countIn(cells: Uint32Array): number {
  let sum = 0;
  for (let at = 1; at < cells.length; at += 2) sum += cells[at] as number;
  return sum;
}
