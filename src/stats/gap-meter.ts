import { GapRecorder } from './gaps.ts';
import type { Quantiles } from './quantiles.ts';

/**
 * Measures the gaps between arrivals within each connection. What arrives at one time is one arrival. Times are
 * milliseconds on one clock.
 *
 * A gap in which we did not read ourselves is counted, but not taken for one of the server's: how long it would have
 * been nobody knows. Of one that is cut short, the time after our pause was silence for certain.
 */
export class GapMeter {
  readonly #gaps = new GapRecorder();
  /** The latest arrival, or the end of a pause of ours after it. */
  #since: number | undefined;
  #paused = false;
  /** In the gap under way we did not read for a time. */
  #heldUp = false;

  arrival(at: number): void {
    const since = this.#since;
    // What was read before a pause may be decoded after it.
    if (since !== undefined && at <= since) return;
    if (since !== undefined) {
      if (this.#heldUp) this.#gaps.leaveOut();
      else this.#gaps.record(at - since);
    }
    this.#since = at;
    this.#heldUp = this.#paused;
  }

  paused(): void {
    this.#paused = true;
    this.#heldUp = true;
  }

  resumed(at: number): void {
    this.#paused = false;
    if (this.#since !== undefined) this.#since = at;
  }

  /** The connection ended. Returns for how long nothing had come, as far as we read. */
  cut(at: number): number {
    const silentMs = this.#paused ? 0 : at - (this.#since ?? at);
    if (this.#since !== undefined) {
      if (this.#heldUp && silentMs === 0) this.#gaps.leaveOut();
      else this.#gaps.censor(silentMs);
    }
    this.#since = undefined;
    this.#heldUp = this.#paused;
    return silentMs;
  }

  quantiles(): Quantiles {
    return this.#gaps.quantiles();
  }
}
