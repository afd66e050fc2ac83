import type { CloseInfo, HeaderPair } from '../../client/records.ts';

/** What a client saw of one request. Times are milliseconds on this process's monotonic clock. */
export interface Observation {
  /** The attempt began. */
  startedAt: number;
  /** The request was handed to the kernel; absent where no connection came about. */
  sentAt?: number;
  head?: ObservedHead;
  /** Reads of the body after content decoding, in order: when, and how many bytes. */
  reads: readonly { at: number; bytes: number }[];
  events: readonly ObservedEvent[];
  /** When each comment came. */
  comments: readonly number[];
  /** The beginning of the body, where it was to be kept; there when the request is over. */
  body?: Buffer;
  /** How it ended; absent while it was left open by whoever looked. */
  end?: { at: number; info: CloseInfo };
}

export interface ObservedHead {
  at: number;
  status: number;
  /** In the order they came, names in the server's own case. */
  headers: readonly HeaderPair[];
  http: '1.0' | '1.1' | '2';
  /** `chunked`, `length`, `close`, `h2`. */
  framing: string;
  /** Content coding, `identity` where none. */
  encoding: string;
}

export interface ObservedEvent {
  at: number;
  type: string;
  data: string;
  id: string;
}
