import type { EncodableEvent } from '../sse/encoder.ts';
import type { FaultSpec } from './faults/spec.ts';

/** One thing that a stream does, and when: due times add up, so that a late step makes no later one late. */
export type Step = StepAction & {
  /** After the step before it was due; for the first of a stream, after its headers. Milliseconds, 0 or more. */
  afterMs: number;
};

export type StepAction =
  | EventStep
  | { kind: 'comment'; text: string }
  /** The reconnection time, whole milliseconds. */
  | { kind: 'retry'; ms: number }
  /** Bytes of the body as they are, in one write. */
  | { kind: 'bytes'; bytes: Uint8Array }
  /** Something goes wrong here: a kind of fault that needs no WHEN. */
  | { kind: 'fault'; fault: FaultSpec }
  /** `eof`: in order. `cut`: the connection ends and the transfer doesn't. `reset`: RST. */
  | { kind: 'end'; how: 'eof' | 'cut' | 'reset' };

export interface EventStep {
  kind: 'event';
  /** A function where the event tells the time: it is called when the step is due, with the wall clock. */
  event: EncodableEvent | ((nowMs: number) => EncodableEvent);
  /** The number that faults know it by; absent: the next one of the connection, from 1. 0: none of those counted. */
  n?: number;
  /** It says that the answer is whole (`[DONE]`, `message_stop`): the fault `no-done` leaves it out. */
  done?: boolean;
}

/**
 * What a stream sends by itself. At its end the stream ends in order, unless `StreamAnswer.hold` keeps it open for
 * what is published.
 *
 * It is asked for a step when the one before has been done and the reader takes more, one at a time, so that it needs
 * no memory of its own. `return` is called where the stream ends before it does.
 */
export type Schedule = Iterator<Step, void>;

/**
 * A schedule whose steps may keep the stream waiting, as they come from a file or another server. `return` may be
 * called while a `next` is pending, which then comes to an end: files and connections are closed by it. A rejection
 * ends the stream with a reset.
 */
export type AsyncSchedule = AsyncIterator<Step, void>;
