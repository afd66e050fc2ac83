import type { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo } from '../client/records.ts';
import type { ListenSummary } from '../results/listen.ts';

/** A run that is over, for whoever keeps it in a file. */
export interface RunReport {
  /** Wall clock at its start, milliseconds since the epoch. */
  startedAtMs: number;
  /** How the last attempt ended; `undefined` where the run was left between two. */
  close: CloseInfo | undefined;
  /** Why we left, where we did. */
  by: ClientReason | undefined;
  failure: SseKitError | undefined;
  /** With the sections of all instruments. */
  summary: ListenSummary;
}

/** Keeps a run; called once, when every instrument has concluded. @throws SseKitError where it can't be written */
export type RunReporter = (run: RunReport) => Promise<void>;
