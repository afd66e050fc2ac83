import type { EncodableEvent } from '../sse/encoder.ts';
import type { LineEnd } from './answer.ts';
import type { FaultContext, FaultLine } from './faults/line.ts';
import type { Lateness } from './lateness.ts';
import type { AsyncSchedule, Schedule } from './step.ts';
import type { Timetable } from './timetable.ts';

/** What all streams of a server share. */
export interface StreamEnvironment {
  timetable: Timetable;
  lateness: Lateness;
  /** User-space bytes that a reader may hold; with more it is dropped. */
  maxStalledBytes: number;
  /** Lets the whole process stand still. */
  freeze(ms: number): void;
  warn(message: string): void;
}

/** An answer with the server's defaults filled in. */
export interface StreamPlan {
  schedule: Schedule | AsyncSchedule;
  /** Whether it stays open behind its schedule; until a signal, then it ends in order. */
  hold: boolean | AbortSignal;
  /** How often the schedule repeats itself; 0: it doesn't. */
  periodMs: number;
  heartbeatMs: number;
  heartbeat: EncodableEvent | undefined;
  lineEnd: LineEnd;
  withChannelIds: boolean;
  /** Steps are due when they come. */
  live: boolean;
  faults: FaultLine | undefined;
  /** For a stream without faults, when its schedule strikes. */
  faultContext: FaultContext;
  /** Ends in order after so long; Infinity: never. */
  ttlMs: number;
}
