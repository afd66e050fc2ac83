import type { Attempt } from '../../client/attempt.ts';
import { callAt } from './call-at.ts';

/** Lets an attempt read only so fast, on average: what it doesn't read, the server can't send. */
export class Throttle {
  readonly #attempt: Attempt;
  readonly #bytesPerMs: number;
  readonly #now: () => number;
  readonly #since: number;
  #taken = 0;
  /** While it is paused. */
  #cancelPause: (() => void) | undefined;

  constructor(attempt: Attempt, bytesPerSecond: number, now: () => number) {
    this.#attempt = attempt;
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#now = now;
    this.#since = now();
  }

  took(bytes: number): void {
    this.#taken += bytes;
    const now = this.#now();
    const aheadMs = this.#taken / this.#bytesPerMs - (now - this.#since);
    if (aheadMs < 1 || this.#cancelPause !== undefined) return;
    this.#attempt.pause();
    this.#cancelPause = callAt(now + aheadMs, this.#now, () => {
      this.#cancelPause = undefined;
      this.#attempt.resume();
    });
  }

  stop(): void {
    this.#cancelPause?.();
  }
}
