import type { Framing, HeaderPair } from './records.ts';

/** The request as it goes on the wire. */
export interface RequestHead {
  method: string;
  url: URL;
  /** Values are Latin-1 strings that stand for the UTF-8 bytes to send. */
  headers: readonly HeaderPair[];
  body?: Uint8Array | undefined;
}

export interface ResponseHead {
  status: number;
  statusText: string;
  headers: readonly HeaderPair[];
  http: '1.0' | '1.1' | '2';
  framing: Framing;
}

/** How a transfer ended, as the transport knows it; what it means is decided in one place (ending.ts). */
export type TransferEnd =
  /** Terminating chunk, all of Content-Length, END_STREAM; or the connection's end where only that ends it. */
  | { kind: 'complete' }
  /** The peer ended the connection in order, before the transfer was complete; `answered`: after at least a byte. */
  | { kind: 'unfinished'; answered: boolean }
  /** RST, or HTTP/2's RST_STREAM. */
  | { kind: 'reset'; cause?: Error; detail?: string }
  /** What came was not valid HTTP; or, with an SseKitError that says so, the request could not be sent. */
  | { kind: 'protocol'; cause: Error };

export interface ExchangeHandler {
  /** Somebody wants to know where chunks end: without it nobody looks. */
  readonly wantsChunkEnds?: boolean;
  sent(at: number): void;
  /** A final response (1xx are passed over). */
  head(head: ResponseHead, at: number): void;
  /**
   * Body bytes; valid only during the call. `at` is the time of the socket read. `chunkEnds`: offsets among them, from 1 to
   * their number, after which an HTTP chunk had ended; absent where the body has no chunks, or nobody wants to know.
   */
  data(bytes: Uint8Array, at: number, chunkEnds?: readonly number[]): void;
  /** Once, and nothing after it; not called after `destroy`. */
  end(end: TransferEnd, at: number): void;
}

/** One request under way on one connection. */
export interface Exchange {
  /** Stops reading from the socket, so that the peer feels it. */
  pause(): void;
  resume(): void;
  destroy(): void;
}
