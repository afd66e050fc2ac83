import type { SseSink } from '../sse/sink.ts';
import type { CloseInfo, OpenInfo, Warning } from './records.ts';

/**
 * What happens on one attempt, in order: `open` (where headers came), then any number of `chunk`, `body`,
 * `event`, `comment`, `retry` and `warn`, then exactly one `close`. `at` is the time of the socket read.
 */
export interface StreamSink extends SseSink {
  open(info: OpenInfo, at: number): void;
  warn(warning: Warning, at: number): void;
  close(info: CloseInfo, at: number): void;
  /** Body bytes as they came, before content decoding; valid only during the call. */
  chunk?(bytes: Uint8Array, at: number): void;
  /** Body bytes after content decoding; valid only during the call. */
  body?(bytes: Uint8Array, at: number): void;
  /** One line of connection log (`-v`): what was resolved, connected, sent. Secrets are already masked. */
  trace?(line: string): void;
}
