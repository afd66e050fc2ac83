import type { Attempt } from '../../client/attempt.ts';
import { callAt } from './call-at.ts';

/** What no timer can wait for. */
const NEGLIGIBLE_MS = 1;

/** Lets an attempt read only so fast, on average: what it doesn't read, the server can't send. */
export class Throttle {
  readonly #attempt: Attempt;
  readonly #bytesPerMs: number;
  readonly #now: () => number;
  readonly #since: number;
  #taken = 0;
  #paused = false;
  #cancelWait = () => {};

  constructor(attempt: Attempt, bytesPerSecond: number, now: () => number) {
    this.#attempt = attempt;
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#now = now;
    this.#since = now();
  }

  /** A piece of what was read: one read may bring several. */
  took(bytes: number): void {
    this.#taken += bytes;
    if (this.#paused || this.#aheadMs() < NEGLIGIBLE_MS) return;
    this.#paused = true;
    this.#attempt.pause();
    this.#wait();
  }

  /** For all that has come by now, and again for what the rest of the read brought. */
  #wait(): void {
    const aheadMs = this.#aheadMs();
    if (aheadMs >= NEGLIGIBLE_MS) {
      this.#cancelWait = callAt(this.#now() + aheadMs, this.#now, () => this.#wait());
      return;
    }
    this.#paused = false;
    this.#attempt.resume();
  }

  /** For how long it must not read. */
  #aheadMs(): number {
    return this.#taken / this.#bytesPerMs - (this.#now() - this.#since);
  }

  stop(): void {
    this.#cancelWait();
  }
}
