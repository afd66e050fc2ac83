/**
 * Lets through a rate of things, and at once as many as come in a second (one at least). The time is passed in: it
 * keeps none.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #tokens: number;
  #atMs: number;

  /** @param nowMs monotonic */
  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#capacity = Math.max(1, perSecond);
    this.#tokens = this.#capacity;
    this.#atMs = nowMs;
  }

  /** @returns 0 where it is let through, else the wait until one could be, in milliseconds */
  take(nowMs: number): number {
    const earned = ((nowMs - this.#atMs) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    this.#atMs = nowMs;
    // A wait of exactly what was said must be enough, whatever the sums were rounded to.
    if (this.#tokens < 1 - 1e-9) return ((1 - this.#tokens) / this.#perSecond) * 1_000;
    this.#tokens -= 1;
    return 0;
  }
}
