import type { SseSink } from '../sse/sink.ts';
import type { CloseInfo, HeaderPair, OpenInfo, Warning } from './records.ts';

/** A request as it went out: what `-v` shows. Header values are text, not the bytes that stand for them. */
export interface SentRequest {
  method: string;
  /** Path and query, or the whole URL where a proxy forwards. */
  target: string;
  headers: readonly HeaderPair[];
}

/**
 * What happens on one attempt, in order: `open` (where headers came), then any number of `chunk`, `body`,
 * `event`, `comment`, `retry` and `warn`, then exactly one `close`. `at` is the time of the socket read.
 */
export interface StreamSink extends SseSink {
  open(info: OpenInfo, at: number): void;
  warn(warning: Warning, at: number): void;
  close(info: CloseInfo, at: number): void;
  /**
   * Body bytes as they came, before content decoding; valid only during the call. `ends`: offsets among them, from 1 to
   * their number, after which an HTTP chunk had ended; absent where that is unknown, or the body has no chunks.
   */
  chunk?(bytes: Uint8Array, at: number, ends?: readonly number[]): void;
  /** Body bytes after content decoding; valid only during the call. */
  body?(bytes: Uint8Array, at: number): void;
  /** So many body bytes came, before content decoding. */
  wire?(bytes: number): void;
  /** A step of the connection (`-v`): what was connected, tunnelled, secured. Holds no secrets. */
  trace?(line: string): void;
  /** A request is about to be sent, also those that redirects lead to. */
  request?(request: SentRequest): void;
}
