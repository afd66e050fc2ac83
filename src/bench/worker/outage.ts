import type { Cut, Measures } from './measures.ts';

/**
 * A stream that was connected is not: from when that was noticed until its first event after it. The time to the headers
 * of the attempt that succeeded is made of waits, of attempts that failed, and of that attempt, exactly. Times are
 * milliseconds on the monotonic clock.
 */
export class Outage {
  readonly noticedAt: number;
  #backoffMs = 0;
  #failedMs = 0;
  /** When the last attempt ended. */
  #idleSince: number;
  #startedAt = 0;
  #restored = false;

  constructor(noticedAt: number) {
    this.noticedAt = noticedAt;
    this.#idleSince = noticedAt;
  }

  attemptStarted(at: number): void {
    this.#startedAt = at;
    this.#backoffMs += at - this.#idleSince;
  }

  attemptFailed(at: number): void {
    this.#failedMs += at - this.#startedAt;
    this.#idleSince = at;
  }

  /** The headers of an accepted answer. */
  restored(at: number, measures: Measures): void {
    this.#restored = true;
    measures.record('reconnect_time', at - this.noticedAt);
    measures.record('backoff', this.#backoffMs);
    measures.record('failed_attempts', this.#failedMs);
    measures.record('reconnect_headers', at - this.#startedAt);
  }

  /** The first event: it is over. */
  over(at: number, measures: Measures): void {
    measures.record('reconnect_event', at - this.#startedAt);
    measures.record('outage', at - this.noticedAt);
  }

  /** The run, the stream or the next outage came before it was over. */
  cutShort(cut: Cut, at: number, measures: Measures): void {
    if (!this.#restored) measures[cut]('reconnect_time', at - this.noticedAt);
    measures[cut]('outage', at - this.noticedAt);
  }
}
