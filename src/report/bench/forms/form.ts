import type { LiveRun, LiveWindow } from '../../../results/bench/live.ts';
import type { BenchResult } from '../../../results/bench/result.ts';

/** A form in which a run is kept in a file, as the file's ending asks for it. */
export interface ResultForm {
  /** The whole file, of a run that is over; absent where the windows as they were are needed. */
  text?(result: BenchResult): string;
  /** What is written while the run goes on, so that a crash leaves what there was; absent: all at its end. */
  live?: LiveForm;
}

export interface LiveForm {
  head(run: LiveRun): string;
  window(live: LiveWindow): string;
  tail(result: BenchResult): string;
}
