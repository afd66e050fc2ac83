import type { Arrival } from '../plan/plan.ts';

/** What sets one stream apart: drawn once, the same on any number of workers. */
export interface Traits {
  /** Reads only so fast. */
  slowBytesPerSecond?: number;
  /** Leaves so long after its start. */
  cancelAfterMs?: number;
  /** Is cut when the storm comes. */
  dropped: boolean;
}

/** A place in the plan: one stream in the open model, one after the other in the closed one. */
export interface Slot {
  readonly arrival: Arrival;
  readonly traits: Traits;
  /** Streams in a row that failed for good. */
  failures: number;
  /** Its time in the plan has passed: no other stream follows. */
  over: boolean;
}
