import type { StreamEvent } from './stream-parser.ts';

/** What happens on a stream that reconnects by itself, in the order of its happening. */
export interface ConnectionSink {
  connecting(): void;
  /** @param how what the answer said of itself */
  open(how: string): void;
  /** @param lastEventId what a browser reports with it */
  event(event: StreamEvent, lastEventId: string): void;
  comment(text: string): void;
  /** The server named a reconnection time. */
  retry(ms: number): void;
  bytes(count: number): void;
  /** It is gone, and will be tried again after this many milliseconds; undefined: when the browser likes. */
  lost(why: string, retryMs: number | undefined): void;
  /** It is over for good. @param status of an answer that was no stream */
  closed(why: string, status?: number): void;
}

export interface Connection {
  /** Leaves; nothing is told from then on. */
  close(): void;
}
