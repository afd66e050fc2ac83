import { closeSync, openSync, writeSync } from 'node:fs';
import type { MetricName } from '../../results/bench/metric.ts';

const FLUSH_AT = 64 * 1024;

/** Every value that was recorded, a line each: the proof that figures of merged histograms are those of all values. */
export class SampleFile {
  readonly #file: number;
  #text = '';

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(metric: MetricName, ms: number): void {
    this.#text += `${metric} ${ms}\n`;
    if (this.#text.length >= FLUSH_AT) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }
}
