/** Events per second over the last minutes, in constant memory. */
export class RateWindow {
  readonly seconds: number;
  readonly #counts: Uint32Array;
  /** The second that counting began in. */
  #since: number;
  /** The latest second that is counted in; those before it, as many as fit, are in the ring. */
  #latest = 0;

  /** @param now milliseconds since the epoch */
  constructor(seconds: number, now: number) {
    this.seconds = seconds;
    this.#counts = new Uint32Array(seconds + 1);
    this.#since = Math.floor(now / 1_000);
  }

  /** @param at milliseconds since the epoch, never going back */
  count(at: number): void {
    const second = Math.floor(at / 1_000);
    this.#advance(second);
    const slot = second % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /**
   * Whole seconds only, oldest first: the running one would always look like a fall. `null` is from before anything
   * was counted.
   */
  series(now: number): { seconds: number[]; rates: (number | null)[] } {
    const running = Math.floor(now / 1_000);
    this.#advance(running);
    const seconds = Array.from({ length: this.seconds }, (_, i) => running - this.seconds + i);
    return { seconds, rates: seconds.map((second) => this.#countOf(second)) };
  }

  /** Whole seconds that were counted in, up to all that are kept. */
  filled(now: number): number {
    return Math.min(this.seconds, Math.floor(now / 1_000) - this.#since);
  }

  /** Mean of the last whole seconds, events a second. */
  rate(now: number, seconds: number): number {
    const counts = this.series(now)
      .rates.slice(-seconds)
      .filter((count) => count !== null);
    return counts.length === 0 ? 0 : counts.reduce((sum, count) => sum + count, 0) / counts.length;
  }

  clear(now: number): void {
    this.#counts.fill(0);
    this.#since = Math.floor(now / 1_000);
  }

  #countOf(second: number): number | null {
    return second < this.#since ? null : (this.#counts[second % this.#counts.length] ?? 0);
  }

  #advance(second: number): void {
    const from = Math.max(this.#latest + 1, second - this.#counts.length + 1);
    for (let each = from; each <= second; each++) this.#counts[each % this.#counts.length] = 0;
    this.#latest = Math.max(this.#latest, second);
  }
}
