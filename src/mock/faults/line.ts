import type { EncodableEvent } from '../../sse/encoder.ts';
import type { LineEnd } from '../answer.ts';
import type { Random } from '../random.ts';
import type { Op } from '../wire/op.ts';

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
}

/**
 * All the faults of one connection, in one object: turns what should be sent into what is done on the wire. A
 * stream without faults has none, and pays nothing.
 */
export interface FaultLine {
  head(head: ResponseHead): void;
  /** What comes before anything else of the body. */
  opened(): Op[];
  /** What happens at a time after the headers whether something is sent or not. */
  readonly timed: readonly { afterMs: number; ops(): Op[] }[];
  send(item: Outgoing): Op[];
  /** The stream ends: what was held back, then the ending. */
  finish(ending: 'end' | 'cut' | 'reset'): Op[];
  /** A fault that a schedule asks for, now. */
  strike(kind: string, value: number | string | undefined): Op[];
}

export interface FaultContext {
  random: Random;
  lineEnd: LineEnd;
  errorEvent: EncodableEvent;
  /** Between the parts of `split`. */
  splitGapMs: number;
}
