import type { ErrorCount } from './snapshot.ts';

/** What `--publish` did in a run. */
export interface PublishFigures {
  /** Events that the schedule had until publishing ended. */
  planned: number;
  /** Accepted by whatever takes them. */
  published: number;
  /** Refused, or without an answer; of the latter some may have arrived. */
  failed: number;
  /** Published more than 10 ms after their time: as many as may wait for an answer at once did, or the machine was busy. */
  late: number;
  /** Never begun, as the ones before took too long. */
  notStarted: number;
  /** The failures, the most frequent first. */
  errors: readonly ErrorCount[];
}
