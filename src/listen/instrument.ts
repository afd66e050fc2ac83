import type { SseKitError } from '../client/errors.ts';
import type { ClientReason, CloseInfo, Marks, OpenInfo, Warning } from '../client/records.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { RunClock } from './clock.ts';
import type { Outcome, RunEnd } from './outcome.ts';
import type { EventPosition, OpenPosition, Position, ReconnectRecord } from './printer.ts';
import type { WireBlock } from './wire/wire-block.ts';

/** What an instrument may ask of the run that it watches. */
export interface InstrumentContext {
  readonly clock: RunClock;
  /** Where in the run a time of its clock stands. */
  position(at: number): Position;
  /** Ends the run in order; while a record is being told, when it has been printed. */
  leave(by: ClientReason): void;
  /** Ends the run with a failure of our own: a file can't be written. */
  fail(error: SseKitError): void;
  /** Tells the user, and every instrument, something that ends nothing. */
  warn(warning: Warning, at: number): void;
  /** Shows a block of the stream that makes no event. */
  printBlock(block: WireBlock, at: Position): void;
  /** Stops and goes on with the reading, for whoever can't keep up; each call is counted. */
  pause(): void;
  resume(): void;
}

/**
 * Watches a run beside its printing: expectations, findings, a recording. A method a kind of record, called before
 * the record is printed; `body` and `chunk` come before the events that their bytes complete. Bytes are valid only during the call. Times are those of
 * the socket read, on the run's clock.
 */
export interface Instrument {
  /** An attempt begins; its marks are filled as it reaches them. */
  attempt?(marks: Readonly<Marks>, at: Position): void;
  /** `accepted`: the answer is a stream. */
  open?(info: OpenInfo, at: OpenPosition, accepted: boolean): void;
  /** That answer has been printed: what is to be said of it may be said. */
  opened?(): void;
  /** Body bytes before content decoding; `ends`: where among them HTTP chunks ended, as a stream's sink hears it. */
  chunk?(bytes: Uint8Array, at: Position, ends?: readonly number[]): void;
  /** Body bytes after content decoding. */
  body?(bytes: Uint8Array, at: Position): void;
  /** Every event that the run takes; `shown`: what the filters leave of it. */
  event?(event: SseEvent, at: EventPosition, shown: SseEvent | undefined): void;
  /** The bytes of the event that is about to be printed: shown with it. */
  wire?(): WireBlock | undefined;
  comment?(text: string, at: Position): void;
  /** Every valid `retry:` line, also one that repeats what is known. */
  retry?(ms: number, at: Position): void;
  warn?(warning: Warning, at: Position): void;
  /** `final`: no attempt follows. */
  close?(info: CloseInfo, at: Position, final: boolean): void;
  /** Nothing is read for now, as somebody of ours can't keep up. */
  paused?(at: Position): void;
  /** Reading goes on after a pause of ours: the silence until now was not the server's. */
  resumed?(at: Position): void;
  reconnect?(record: ReconnectRecord, at: Position): void;
  /** The run is left before its next attempt, whose number `at` has, has begun. */
  left?(by: ClientReason, at: Position): void;
  /** What the run comes to, when its last attempt is over: the outcome given, or another. */
  judge?(outcome: Outcome, end: RunEnd): Outcome;
  /**
   * The last call: resolves when everything is written, with what the summary says of it. Those in front have
   * concluded, and tell nothing more.
   *
   * @throws SseKitError where it could not be: the run fails with it
   */
  conclude?(): SummarySections | Promise<SummarySections>;
}

export type InstrumentMaker = (context: InstrumentContext) => Instrument;
