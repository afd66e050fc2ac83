import type { ClientReason, CloseReason, Framing, Marks } from '../client/records.ts';

/**
 * The lines of a recording, version 1: what `listen --format ndjson` prints, and a `chunk` for each socket read.
 * `t` is milliseconds since the start of the run; `conn` numbers its attempts from 1. Fields are only ever added:
 * those that nobody here knows stay in the object, as do records of other types.
 */
export type RecordingRecord =
  | OpenRecord
  | ChunkRecord
  | EventRecord
  | CommentRecord
  | RetryRecord
  | CloseRecord
  | ReconnectRecord
  | OtherRecord;

interface OfConnection {
  t: number;
  conn: number;
}

/** The headers have come. */
export interface OpenRecord extends OfConnection {
  type: 'open';
  status: number;
  /** Names in lower case; lists where a name came several times and its values can't be joined. */
  headers: Readonly<Record<string, string | readonly string[]>>;
  framing?: Framing;
  /** Milliseconds from the attempt's start at which each mark was reached. */
  timing?: RecordedTiming;
  /** Wall clock at `t`, as ISO 8601 writes it. */
  ts?: string;
  url?: string;
  method?: string;
  statusText?: string;
  http?: string;
  encoding?: string;
  remoteAddress?: string;
  remotePort?: number;
  tls?: string;
  proxy?: string;
  redirects?: readonly RecordedRedirect[];
  requestHeaders?: Readonly<Record<string, string | readonly string[]>>;
}

export type RecordedTiming = Readonly<Partial<Record<Exclude<keyof Marks, 'planned' | 'start'>, number>>>;

interface RecordedRedirect {
  status: number;
  from: string;
  to: string;
  dropped?: readonly string[];
}

/** Body bytes of one socket read as they came, before content decoding; in the file `b64` holds them. */
export interface ChunkRecord extends OfConnection {
  type: 'chunk';
  bytes: Buffer;
  /** The content coding that they are in, where there is one. */
  enc?: string;
  /** Offsets among them, from 1 to their number, after which an HTTP chunk had ended. */
  ends?: readonly number[];
}

export interface EventRecord extends OfConnection {
  type: 'event';
  event?: string;
  /** Only where the event's block had one. */
  id?: string;
  data: string;
  lastEventId?: string;
  bytes?: number;
  reads?: number;
}

export interface CommentRecord extends OfConnection {
  type: 'comment';
  text: string;
}

export interface RetryRecord extends OfConnection {
  type: 'retry';
  ms: number;
}

export interface CloseRecord extends OfConnection {
  type: 'close';
  reason: CloseReason;
  by?: ClientReason;
  code?: string;
  pendingBytes?: number;
  status?: number;
  events?: number;
  bytes?: number;
  wireBytes?: number;
  /** Of what the attempt failed with, or the run where it is its last: beside `code`. */
  exit?: number;
  message?: string;
  hint?: string;
  /** The beginning of an answer that was no stream. */
  body?: string;
  timing?: RecordedTiming;
}

/** An attempt is about to be made. */
export interface ReconnectRecord extends OfConnection {
  type: 'reconnect';
  delayMs?: number;
  cause?: 'base' | 'backoff' | 'retry-after';
}

/** `warn`, `left`, `paused`, `resumed`, `summary`, and whatever later versions add. */
export interface OtherRecord {
  type: 'other';
  /** As it was written. */
  name: string;
  value: Readonly<Record<string, unknown>>;
}
