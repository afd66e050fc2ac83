import type { EncodableEvent } from '../../sse/encoder.ts';
import type { Random } from '../../stats/random.ts';
import type { LineEnd } from '../answer.ts';
import type { Block } from './block.ts';
import type { ResponseHead } from './line.ts';
import type { Piece } from './piece.ts';
import type { FaultSpec } from './spec.ts';
import type { TriggerKind } from './trigger.ts';

/** A kind of fault: how it is written, and what it does. A new one is a value like these and a line in `kinds.ts`. */
export type FaultKind<Value extends FaultValue = FaultValue> =
  | HeadFault<Value>
  | EventFault<Value>
  | MomentFault<Value>
  | LastingFault<Value>;

type FaultValue = FaultSpec['value'];

interface FaultWords<Value extends FaultValue> {
  readonly name: string;
  /** What goes wrong, in half a line. */
  readonly meaning: string;
  /** Absent: it takes none. */
  readonly value?: ValueRule<Value>;
  /** Two faults of one group at one place contradict each other. Default: its name, so that its values do. */
  group?(value: Value): string;
}

export interface ValueRule<Value extends FaultValue> {
  /** What stands for it where usage is told: `D`, `SIZE`. */
  label: string;
  example: string;
  /** Where none is written; absent: one must be. */
  fallback?: Value & (string | number);
  /** @throws InvalidValue */
  parse(text: string): Value & (string | number);
}

/** What a fault may know of the stream that it befalls. */
export interface FaultSetting {
  readonly lineEnd: LineEnd;
  readonly errorEvent: EncodableEvent;
}

/** Changes the head of the answer. A probability is drawn once a connection. */
export interface HeadFault<Value extends FaultValue = FaultValue> extends FaultWords<Value> {
  readonly scope: 'head';
  change(head: ResponseHead, value: Value): void;
}

/** Changes events, those that its WHEN names. */
export interface EventFault<Value extends FaultValue = FaultValue> extends FaultWords<Value> {
  readonly scope: 'event';
  /** Without WHEN: every event, everything that is sent, once at the start of the body. Absent: a WHEN is needed. */
  readonly withoutWhen?: 'every event' | 'everything' | 'start';
  change(block: Block, value: Value, random: Random): void;
  /** Of a stream that it concerns as a whole. */
  lineEnd?(value: Value): LineEnd | undefined;
  /** At the start of the body. */
  atStart?(value: Value, setting: FaultSetting): Piece[];
  /** At exactly this byte; absent: the first event that reaches past it is changed. */
  atByte?(value: Value): Piece[];
  /** At exactly this time; absent: the first event from then on is changed. */
  atTime?(value: Value, setting: FaultSetting): Piece[];
}

/** Happens once, behind an event, at a byte or at a time. */
export interface MomentFault<Value extends FaultValue = FaultValue> extends FaultWords<Value> {
  readonly scope: 'moment';
  /** Without WHEN: in place of the ending in order. Absent: a WHEN is needed. */
  readonly withoutWhen?: 'end';
  /** At a byte it waits for the end of the event that reaches past it, as it has something to say itself. */
  readonly betweenEvents?: boolean;
  happen(value: Value, setting: FaultSetting): Piece[];
}

/** Changes the stream from its beginning, or from its WHEN, to its end. A probability is drawn once a connection. */
export interface LastingFault<Value extends FaultValue = FaultValue> extends FaultWords<Value> {
  readonly scope: 'lasting';
  begin(value: Value): Lasting;
}

/** What a lasting fault does on one connection. */
export interface Lasting {
  /** Changes what is about to be sent. */
  change?(block: Block): void;
  /** Changes the body on its way out; what it holds back it gives up before the body ends. */
  pass?(piece: Piece): Piece[];
  /** Gives up what it holds back, as another of its kind takes its place. */
  release?(): Piece[];
}

const TAKES: Readonly<Record<FaultKind['scope'], readonly TriggerKind[]>> = {
  head: ['chance'],
  event: ['event', 'byte', 'time', 'every', 'chance'],
  moment: ['event', 'byte', 'time', 'every', 'chance'],
  lasting: ['event', 'byte', 'time', 'chance'],
};

/** The kinds of WHEN that a fault takes. */
export function takenBy(kind: FaultKind): readonly TriggerKind[] {
  return TAKES[kind.scope];
}

export function needsWhen(kind: FaultKind): boolean {
  return (kind.scope === 'event' || kind.scope === 'moment') && kind.withoutWhen === undefined;
}
