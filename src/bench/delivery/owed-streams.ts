import type { Owed } from '../../results/bench/delivery-owed.ts';

/** So many spans are told apart; of further streams only the number is kept. */
const MOST_SPANS = 100_000;

/** An event that leaves no later than this after its time may be the only one of a span. */
const LATE_MS = 50;

/**
 * Streams that ended, or were left open, behind what was published: kept as spans of time in which they may have been owed
 * something, those of the same span together. What was sent shortly before the end may still have been on its way.
 *
 * Nothing is ever published before its time: where the schedule had nothing in a span, nothing is owed, and nothing kept.
 */
export class OwedStreams {
  readonly #ratePerSecond: number;
  #beganAt = 0;
  #graceMs = 0;
  #spans = new Map<string, Owed>();
  #untold = 0;

  constructor(ratePerSecond: number) {
    this.#ratePerSecond = ratePerSecond;
  }

  /** @param beganAt when publishing began, on the monotonic clock; @param graceMs what was sent so long before an end, or later, is not owed */
  begin(beganAt: number, graceMs: number): void {
    this.#beganAt = beganAt;
    this.#graceMs = graceMs;
  }

  /** A stream had `highest`, and then nothing of what was sent later than `since`. */
  behind(stream: number, highest: number, since: number, endedAt: number): void {
    const until = this.owedUntil(endedAt);
    if (since < until && this.#dueAt(highest + 1) <= until) this.#add(stream, highest, since, until);
  }

  /** A stream had nothing of what was sent since it was there. */
  unreached(stream: number, openedAt: number, endedAt: number): void {
    const from = Math.ceil(openedAt);
    const until = this.owedUntil(endedAt);
    if (from < until && this.dueUpTo(until) > this.dueUpTo(from - LATE_MS))
      this.#add(stream, undefined, from, until);
  }

  /** Those since the last time, and of how many streams there was no place for a span. */
  take(): { owed: Owed[]; untold: number } {
    const taken = { owed: [...this.#spans.values()], untold: this.#untold };
    this.#spans = new Map();
    this.#untold = 0;
    return taken;
  }

  #add(stream: number, after: number | undefined, from: number, until: number): void {
    const key = `${after} ${from} ${until}`;
    const known = this.#spans.get(key);
    if (known !== undefined) known.streams += 1;
    else if (this.#spans.size < MOST_SPANS) this.#spans.set(key, { streams: 1, stream, after, from, until });
    else this.#untold += 1;
  }

  /** What was sent later was not owed to a stream that ended then. Whole milliseconds, so that ends are few. */
  owedUntil(endedAt: number): number {
    return Math.floor(endedAt - this.#graceMs);
  }

  #dueAt(n: number): number {
    return this.#beganAt + ((n - 1) * 1e3) / this.#ratePerSecond;
  }

  /** How many are due by then: higher numbers are sent later. */
  dueUpTo(at: number): number {
    return Math.max(0, Math.floor(((at - this.#beganAt) * this.#ratePerSecond) / 1e3) + 1);
  }
}
