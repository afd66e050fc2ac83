import type { Failure } from '../client/error-transfer.ts';
import type { GeneratorSample, MetricsSnapshot } from '../results/bench/snapshot.ts';
import type { BenchOptions } from './options.ts';

/** What a worker is told. */
export type ToWorker =
  /** First of all: warm up, and say `ready`. */
  | { type: 'prepare'; options: BenchOptions; worker: number; workers: number }
  /** The run starts then, on the monotonic clock of the machine. */
  | { type: 'go'; atMs: number }
  /** Ends now, with what there is. */
  | { type: 'stop' };

/** What a worker says. */
export type FromWorker =
  | { type: 'ready' }
  /** What was measured in a window, about a second long. */
  | { type: 'window'; snapshot: MetricsSnapshot; generator: GeneratorSample }
  /** Nothing comes any more; `lastWindow` was the final one. */
  | { type: 'done' }
  /** A fault of the program, or something that it can't go on with. */
  | { type: 'failed'; failure: Failure };
