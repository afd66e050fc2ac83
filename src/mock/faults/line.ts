import type { EncodableEvent } from '../../sse/encoder.ts';
import type { Random } from '../../stats/random.ts';
import type { LineEnd } from '../answer.ts';
import type { Compression } from '../wire/compressed.ts';
import type { Op } from '../wire/op.ts';
import type { FaultSpec } from './spec.ts';

/**
 * What a stream is about to send, before faults had their way. What was made elsewhere has its block with it, blank
 * line included: where no fault changes it, those bytes go out.
 */
export type Outgoing =
  | { kind: 'event'; n: number; event: EncodableEvent; done: boolean; bytes?: Uint8Array }
  | { kind: 'comment'; text: string }
  /** A sign of life; without an event it is a comment. */
  | { kind: 'heartbeat'; event: EncodableEvent | undefined; bytes?: Uint8Array }
  | { kind: 'retry'; ms: number }
  | { kind: 'bytes'; bytes: Uint8Array };

export interface ResponseHead {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** They leave this much later. */
  delayMs: number;
  /** Replaces the stream: the answer is whole with it. */
  body?: string;
  /** Of the body, besides what the headers say of it. */
  compression?: Compression;
}

/**
 * All the faults of one connection, in one object: turns what should be sent into what is done on the wire. A
 * stream without faults has none, and pays nothing.
 */
export interface FaultLine {
  head(head: ResponseHead): void;
  /** What comes before anything else of the body. */
  opened(): Op[];
  readonly timed: readonly TimedFault[];
  /** @param dueMs when it should leave, on the clock of the timetable */
  send(item: Outgoing, dueMs: number): Op[];
  /** The stream ends: what was held back, then the ending. */
  finish(ending: 'end' | 'cut' | 'reset'): Op[];
  /** A fault that a schedule asks for: an ending now, any other with the next event or from now on. */
  strike(fault: FaultSpec): Op[];
}

/** What happens at a time after the headers, whether something is sent or not. */
export interface TimedFault {
  afterMs: number;
  /** It doesn't wait behind what waits: the stream ends, or the process stands still, at that very time. */
  overtakes: boolean;
  ops(): Op[];
}

export interface FaultContext {
  /** A generator for each name, the same for the same seed and connection. */
  draws(name: string): Random;
  /** Of the client, from 1: faults of other connections are left out. */
  connection: number;
  lineEnd: LineEnd;
  errorEvent: EncodableEvent;
  /** Between the parts of `split`. */
  splitGapMs: number;
}
