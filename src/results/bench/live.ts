import type { Quantile } from '../../stats/latency-histogram.ts';
import type { PlanSummary, SeriesWindow } from './result.ts';
import type { Counts, GeneratorSample, MetricsSnapshot } from './snapshot.ts';

/** What is known of a run before it is over; the same in every window. */
export interface LiveRun {
  /** ISO 8601, UTC. */
  startedAt: string;
  /** As in the result: without secrets. */
  target: string;
  plan: PlanSummary;
}

/** A window of a run that goes on, about a second long: what is shown and kept of it at once. */
export interface LiveWindow {
  run: LiveRun;
  window: SeriesWindow;
  /** What was measured in it, by all workers together. */
  snapshot: MetricsSnapshot;
  generator: readonly WorkerSample[];
  /** From the start of the run to the end of this window. */
  soFar: LiveTotals;
}

export interface WorkerSample extends GeneratorSample {
  worker: number;
}

export interface LiveTotals {
  counts: Counts;
  /** Of `time_to_first_event_from_planned`, warm-up left out. */
  firstEventP99: Quantile;
}
