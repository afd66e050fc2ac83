import type { SseKitError } from '../client/errors.ts';
import type { CloseInfo, OpenInfo, Warning } from '../client/records.ts';
import type { SentRequest } from '../client/stream-sink.ts';
import type { ListenSummary, Timing } from '../results/listen.ts';
import type { SummarySections } from '../results/sections.ts';
import type { SseEvent } from '../sse/sink.ts';
import type { WireBlock } from './wire/wire-block.ts';

/** Where in the run a record stands. */
export interface Position {
  /** Milliseconds since the start of the run, on the monotonic clock. */
  t: number;
  /** Number of the attempt in the run, from 1. */
  conn: number;
}

/** A shown event with its place: `n` counts events of the run from 1, filtered ones too. */
export interface EventPosition extends Position {
  n: number;
  /** Milliseconds since the previous event's arrival; on the first of a connection since its `open`. */
  dt: number;
}

export interface OpenPosition extends Position {
  /** Attempts since the last success, which counts as the first. */
  attempt: number;
  /** Wall clock at `t`, milliseconds since the epoch. */
  wallMs: number;
  /** The marks up to the headers. */
  timing: Timing;
}

/** What the end of an attempt means. */
export interface Consequence {
  /** The run ends with it; else another attempt follows. */
  final: boolean;
  /** What the run failed with where the end is final, else what the attempt failed with. */
  failure: SseKitError | undefined;
}

export interface ReconnectRecord {
  /** Attempts since the last success, which counts as the first. */
  attempt: number;
  delayMs: number;
  lastEventId: string;
  /** Why the wait is what it is: the base, backoff, or what the server asked for. */
  cause: 'base' | 'backoff' | 'retry-after';
}

/**
 * One output format of `listen`: a method a kind of record. Every text ends with its own line end. The session
 * calls it and knows nothing of formats; what implements it lies in report/.
 */
export interface ListenPrinter {
  open(info: OpenInfo, at: OpenPosition): Printed;
  /** `wire`: the bytes that made it, where they are to be shown. */
  event(event: SseEvent, at: EventPosition, wire?: WireBlock): Printed;
  /** A block of the stream that makes no event, for `--wire`. */
  block?(block: WireBlock, at: Position): Printed;
  comment(text: string, at: Position): Printed;
  retry(ms: number, at: Position): Printed;
  warn(warning: Warning, at: Position): Printed;
  close(info: CloseInfo, at: Position, consequence: Consequence): Printed;
  reconnect(record: ReconnectRecord, at: Position): Printed;
  /** What instruments found, before the summary and also without one. */
  sections(sections: SummarySections): Printed;
  /** Sections included. */
  summary(summary: ListenSummary): Printed;
  /** A failure of the run that no `close` has told. */
  failure(error: SseKitError): Printed;
  /** Something worth knowing that is no record: steps of the connection under `-v`, a hint at the end. */
  note(text: string, at: Position): Printed;
  /** A request about to be sent, for `-v`. */
  request(request: SentRequest, at: Position): Printed;
}

/** Text for one of the two outputs. Data goes to standard output, log to standard error. */
export interface Printed {
  data?: string;
  log?: string;
}

/** What a printer needs to know of its surroundings. */
export interface PrinterOptions {
  /**
   * Columns that the terminals of data and log have now: windows are resized. `undefined` on a pipe or file: nothing
   * is folded or cut.
   */
  dataColumns: () => number | undefined;
  logColumns: () => number | undefined;
  /** Escape control characters in the server's text: on where data goes to a terminal. */
  escape: boolean;
  colorData: boolean;
  colorLog: boolean;
  timestamps: readonly ('rel' | 'delta' | 'iso')[];
  comments: boolean;
  /** Show the bytes of events and other blocks. */
  wire?: boolean;
  include: boolean;
  showSecrets: boolean;
  /** Wall clock at `t` = 0, for `iso`. */
  startedAtMs: number;
}
