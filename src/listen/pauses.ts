import type { RunClock } from './clock.ts';

/** A shorter pause changes nothing that is measured: times of reads are hardly more precise. */
const NOTICEABLE_MS = 1;

/** Hears of pauses of ours, in milliseconds on the run's clock. */
export interface PauseListener {
  /** Nothing has been read since then. */
  paused(since: number): void;
  resumed(at: number): void;
}

/**
 * Tells of the times in which we did not read, so that nobody takes them for silences of the server. Output goes to a
 * pipe in pauses of microseconds: only what lasts is told, as soon as it does.
 */
export class Pauses {
  readonly #clock: RunClock;
  readonly #listener: PauseListener;
  #since = 0;
  /** Leaves a pause untold that may still be a short one. */
  #drop: (() => void) | undefined;
  #closed = false;

  constructor(clock: RunClock, listener: PauseListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  begin(): void {
    if (this.#closed) return;
    this.#since = this.#clock.now();
    this.#drop = this.#clock.alarm(this.#since + NOTICEABLE_MS, () => this.#tell());
  }

  end(): void {
    if (this.#closed) return;
    const at = this.#clock.now();
    if (this.#drop !== undefined) {
      this.#drop();
      // The alarm may be late.
      if (at - this.#since < NOTICEABLE_MS) return;
      this.#tell();
    }
    this.#listener.resumed(at);
  }

  /** The run is over: nothing is measured any more. */
  close(): void {
    this.#drop?.();
    this.#drop = undefined;
    this.#closed = true;
  }

  #tell(): void {
    this.#drop = undefined;
    this.#listener.paused(this.#since);
  }
}
