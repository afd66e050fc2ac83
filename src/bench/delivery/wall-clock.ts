import { monotonicMs, wallAheadMs } from '../../client/clock.ts';

/** Readings of both clocks further apart are not compared. */
const CLOSE_MS = 0.5;
/** `Date.now()` has whole milliseconds; what it is off by beyond that, somebody has set it by. */
const STEP_MS = 2;

export interface Clocks {
  /** Milliseconds on the monotonic clock of the machine. */
  monotonic(): number;
  /** Milliseconds since the epoch, whole ones. */
  wall(): number;
  /** What the second one, with fractions, was ahead of the first one when the process began. */
  aheadMs: number;
}

/** Those of this process. */
function machineClocks(): Clocks {
  return { monotonic: monotonicMs, wall: Date.now, aheadMs: wallAheadMs() };
}

/**
 * The wall clock at times of the monotonic one, to the microsecond. They run alike; a wall clock that is set apart is
 * noticed by `check`.
 */
export class WallClock {
  readonly #clocks: Clocks;
  #aheadMs: number;
  #steppedMs = 0;

  constructor(clocks = machineClocks()) {
    this.#clocks = clocks;
    this.#aheadMs = clocks.aheadMs;
    // The clock may have been set since the process began, which is nobody's concern.
    this.check();
    this.#steppedMs = 0;
  }

  /** The farthest that it was set since, in milliseconds. */
  get steppedMs(): number {
    return this.#steppedMs;
  }

  /** Milliseconds since the epoch at a time of the monotonic clock. */
  at(monotonicMs: number): number {
    return monotonicMs + this.#aheadMs;
  }

  /** Follows the wall clock where it was set. Cheap; about once a second is often enough. */
  check(): void {
    const { monotonic, wall } = this.#clocks;
    const before = monotonic();
    const now = wall();
    if (monotonic() - before > CLOSE_MS) return;
    // The middle of the millisecond that it reads.
    const offMs = now + 0.5 - this.at(before);
    if (Math.abs(offMs) < STEP_MS) return;
    this.#aheadMs += offMs;
    if (Math.abs(offMs) > Math.abs(this.#steppedMs)) this.#steppedMs = offMs;
  }
}
