import type { ClientReason, CloseReason, Framing } from '../client/records.ts';

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
  timing?: Readonly<Partial<Record<'dns' | 'tcp' | 'tls' | 'headers', number>>>;
}

/** Body bytes of one socket read as they came, before content decoding; in the file `b64` holds them. */
interface ChunkRecord extends OfConnection {
  type: 'chunk';
  bytes: Buffer;
  /** The content coding that they are in, where there is one. */
  enc?: string;
}

interface EventRecord extends OfConnection {
  type: 'event';
  event?: string;
  /** Only where the event's block had one. */
  id?: string;
  data: string;
}

interface CommentRecord extends OfConnection {
  type: 'comment';
  text: string;
}

interface RetryRecord extends OfConnection {
  type: 'retry';
  ms: number;
}

export interface CloseRecord extends OfConnection {
  type: 'close';
  reason: CloseReason;
  by?: ClientReason;
  code?: string;
  pendingBytes?: number;
}

/** An attempt is about to be made. */
interface ReconnectRecord extends OfConnection {
  type: 'reconnect';
}

/** `warn`, `summary`, and whatever later versions add. */
interface OtherRecord {
  type: 'other';
  /** As it was written. */
  name: string;
  value: Readonly<Record<string, unknown>>;
}
