import type { RecordingRecord } from '../../recording/records.ts';

/** The records of a recording one after the other, with a look at those to come. */
export class RecordQueue {
  readonly #source: AsyncIterator<RecordingRecord, void>;
  readonly #ahead: RecordingRecord[] = [];
  #ended = false;

  constructor(source: AsyncIterator<RecordingRecord, void>) {
    this.#source = source;
  }

  /** `undefined` at the end. */
  next(): RecordingRecord | undefined | Promise<RecordingRecord | undefined> {
    return this.#ahead.length > 0 ? this.#ahead.shift() : this.#read();
  }

  /** The record that comes after `distance` others. */
  async peek(distance: number): Promise<RecordingRecord | undefined> {
    while (this.#ahead.length <= distance) {
      const record = await this.#read();
      if (record === undefined) return undefined;
      this.#ahead.push(record);
    }
    return this.#ahead[distance];
  }

  /** Puts a record back that was taken too early. */
  putBack(record: RecordingRecord): void {
    this.#ahead.unshift(record);
  }

  /** Leaves out so many of the next ones, which have been looked at. */
  skip(count: number): void {
    this.#ahead.splice(0, count);
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.return?.();
  }

  async #read(): Promise<RecordingRecord | undefined> {
    if (this.#ended) return undefined;
    const { done, value } = await this.#source.next();
    if (done !== true) return value;
    this.#ended = true;
    return undefined;
  }
}
