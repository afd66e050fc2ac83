import type { SseKitError } from '../client/errors.ts';
import type { NextAttempt } from '../client/reconnect.ts';
import type { ClientReason, CloseInfo, Marks, Warning } from '../client/records.ts';
import type { StreamSink } from '../client/stream-sink.ts';
import type { RunClock } from './clock.ts';
import type { PauseListener } from './pauses.ts';

/** An attempt under way, that can be paused and left. */
export interface Source {
  readonly marks: Readonly<Marks>;
  pause(): void;
  resume(): void;
  /** The sink's `close` follows: before this returns, or as soon as it is known how it is to be told. */
  close(by: ClientReason): void;
}

/**
 * What follows an attempt: nothing, or another one after a wait that there may be something to say on; `left`: another
 * would have followed in the recorded run, which was left for what this end decided.
 */
export type Next =
  | Extract<NextAttempt, { kind: 'stop' }>
  | { kind: 'left'; by: ClientReason }
  | (Extract<NextAttempt, { kind: 'wait' }> & { warnings: readonly Warning[] });

/** Where the attempts of a run come from: a server, standard input, a recording. */
export interface Feed {
  readonly clock: RunClock;
  /** Its answers have a head, told by `open`; else the stream is there from the start. */
  readonly hasHead: boolean;
  /** Begins an attempt; what happens on it is told to the sink. */
  start(start: { lastEventId: string }, sink: StreamSink): Source;
  /** An answer was a stream. */
  opened(): void;
  /** The server's `retry:`; tells whether the wait had to be limited. */
  serverAsked(ms: number): { clamped: boolean };
  /** What follows an attempt that ended; `accepted`: its answer was a stream. */
  next(close: CloseInfo, accepted: boolean): Next;
  /** Calls back where the run ends between two attempts: a recorded run was left there, or can't be read on. */
  whenOver?(told: (how: { by: ClientReason } | { failure: SseKitError }) => void): void;
  /**
   * Where it is there, the pauses that count are told here: those of the recorded run. While this one is paused nothing
   * happens and no time passes, and so nothing waits for us.
   */
  whenPaused?(listener: PauseListener): void;
  /** Nothing more is wanted. */
  close(): void;
}
