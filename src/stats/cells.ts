import { createRequire } from 'node:module';
import type { Int32Histogram as PlainHistogram } from 'hdr-histogram-js';

type Histogram = PlainHistogram & { encodeIntoCompressedBase64(): string };

/** The parts that are needed: the package's index takes ten times as long to load, and brings WebAssembly along. */
const require = createRequire(import.meta.url);
const { default: Int32Histogram } = require('hdr-histogram-js/dist/Int32Histogram.js') as {
  default: new (lowest: number, highest: number, significantDigits: number) => Histogram;
};
// Teaches histograms their encoding.
require('hdr-histogram-js/dist/JsHistogram.encoding.js');

/** Largest value, in microseconds: one hour. */
export const MAX_MICROSECONDS = 3_600_000_000;

const SIGNIFICANT_DIGITS = 3;

/** Knows which values share a cell. Holds none. */
const LAYOUT = emptyHistogram();

/** Cells that hold something: index, count, index, count … in the order of their values. */
export type SparseCells = Uint32Array;

/**
 * How often which values came: the cells of an HDR histogram of microseconds with three significant digits, from 0 to one
 * hour. Those of several are added cell by cell, which the library's own histograms take sixty times as long for.
 */
export class Cells {
  #counts = new Uint32Array(LAYOUT.countsArrayLength);
  /** Of the cells that hold something; the first lies above the last while none does. */
  #first = LAYOUT.countsArrayLength;
  #last = -1;

  /** @param microseconds whole, from 0 to {@link MAX_MICROSECONDS} */
  record(microseconds: number): void {
    this.#count(LAYOUT.countsArrayIndex(microseconds), 1);
  }

  add(cells: SparseCells): void {
    for (let at = 0; at + 1 < cells.length; at += 2)
      this.#count(cells[at] as number, cells[at + 1] as number);
  }

  sparse(): SparseCells {
    const found: number[] = [];
    for (let index = this.#first; index <= this.#last; index += 1) {
      const count = this.#counts[index] as number;
      if (count > 0) found.push(index, count);
    }
    return Uint32Array.from(found);
  }

  reset(): void {
    if (this.#first <= this.#last) this.#counts.fill(0, this.#first, this.#last + 1);
    this.#first = LAYOUT.countsArrayLength;
    this.#last = -1;
  }

  /** The distribution as other tools read it: V2 encoding, compressed, base64. */
  toBase64(): string {
    const histogram = emptyHistogram();
    for (let index = this.#first; index <= this.#last; index += 1) {
      const count = this.#counts[index] as number;
      if (count > 0) histogram.recordValueWithCount(LAYOUT.valueFromIndex(index), count);
    }
    return histogram.encodeIntoCompressedBase64();
  }

  #count(index: number, count: number): void {
    this.#counts[index] = (this.#counts[index] as number) + count;
    if (index < this.#first) this.#first = index;
    if (index > this.#last) this.#last = index;
  }
}

/** The highest of the values that share a cell, in microseconds. */
export function upperEnd(index: number): number {
  return LAYOUT.highestEquivalentValue(LAYOUT.valueFromIndex(index));
}

function emptyHistogram(): Histogram {
  return new Int32Histogram(1, MAX_MICROSECONDS, SIGNIFICANT_DIGITS);
}
