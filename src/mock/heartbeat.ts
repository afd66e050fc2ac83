import type { Entry } from './timetable.ts';

/** Lets a stream look after its silence. Most do nothing else: an object of its own is smaller than a closure. */
export class Heartbeat implements Entry {
  dueMs = 0;
  place = -1;
  readonly #stream: { beat(nowMs: number): void };

  constructor(stream: { beat(nowMs: number): void }) {
    this.#stream = stream;
  }

  run(nowMs: number): void {
    this.#stream.beat(nowMs);
  }
}
