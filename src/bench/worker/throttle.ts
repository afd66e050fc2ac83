import type { Attempt } from '../../client/attempt.ts';

/** Lets an attempt read only so fast, on average: what it doesn't read, the server can't send. */
export class Throttle {
  readonly #attempt: Attempt;
  readonly #bytesPerMs: number;
  readonly #now: () => number;
  readonly #since: number;
  #taken = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(attempt: Attempt, bytesPerSecond: number, now: () => number) {
    this.#attempt = attempt;
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#now = now;
    this.#since = now();
  }

  took(bytes: number): void {
    this.#taken += bytes;
    const aheadMs = this.#taken / this.#bytesPerMs - (this.#now() - this.#since);
    if (aheadMs < 1 || this.#timer !== undefined) return;
    this.#attempt.pause();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#attempt.resume();
    }, aheadMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
