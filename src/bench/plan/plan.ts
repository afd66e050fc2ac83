/**
 * The schedule of a run: which streams start when. It is a function of the options and the seed alone, so that each
 * worker can work out its own share: of `workers`, worker k has the streams whose number modulo `workers` is k.
 */
export interface Plan {
  model: 'closed' | 'open';
  durationMs: number;
  /** Until then streams come as the ramp has it; 0 without one. */
  rampUpMs: number;
  warmUpMs: number;
  /** Starts in the whole schedule, streams that reopen not counted. */
  starts: number;
  /**
   * Most streams that the schedule may have open at a time. In the open model those that start within the life of one
   * stream, or all where nothing bounds it, and at most what `-c` allows.
   */
  peak: number;
  /** Closed model: how many streams the schedule has open at that time. */
  targetAt(ms: number): number | undefined;
  /** Every start, in the order of their times. */
  arrivals(): Iterable<Arrival>;
}

/** A place in the schedule that a stream takes. */
export interface Arrival {
  /** Counts from 0; the same in every process. */
  index: number;
  /** Milliseconds since the start of the run. */
  atMs: number;
  /** Closed model with stages: when the stream leaves again. */
  untilMs?: number;
}
