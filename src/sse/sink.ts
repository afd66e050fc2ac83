/**
 * What a decoder tells its listener. Times (`at`) are milliseconds on the monotonic clock: the moment of
 * the socket read that completed the line or block. Objects are the receiver's to keep.
 */
export interface SseSink {
  event(event: SseEvent, at: number): void;
  comment(text: string, at: number): void;
  /** A valid `retry:` field, milliseconds as sent: unclamped, possibly `Infinity` for absurdly many digits. */
  retry(ms: number, at: number): void;
}

/** One dispatched event: a block with at least one `data` field, ended by a blank line. */
export interface SseEvent {
  /** The event type; `message` where the block names none. */
  event: string;
  data: string;
  /** The block's own valid `id` value; `undefined` where it had none (`''` is a value: it resets the id). */
  id: string | undefined;
  /** What a browser would report as `lastEventId`: this block's id, or the last one before it. */
  lastEventId: string;
  /** Decoded bytes of the block, its blank line included. */
  bytes: number;
  /** Socket reads that the block's bytes came in. */
  reads: number;
}

/** What was left when the stream ended. */
export interface DecoderEnd {
  /** Bytes after the last blank line: a browser discards them. */
  pendingBytes: number;
  /**
   * The stream ended inside an event: an unterminated line, or field lines since the last blank line.
   * Whole comment lines do not count.
   */
  insideEvent: boolean;
  /**
   * An event, or an id, was under way in what is discarded: a `data`, `id` or `event` field, whole or begun. Not so in
   * an unfinished comment, nor where a `retry` is all there is.
   */
  losesEvent: boolean;
}

/** The end of a stream between two events. */
export const NOTHING_PENDING: DecoderEnd = { pendingBytes: 0, insideEvent: false, losesEvent: false };

/** Bytes in, records out. Synchronous; every call may call the sink many times. */
export interface Decoder {
  /** The id that the next request should send as `Last-Event-ID`. */
  readonly lastEventId: string;
  /**
   * @param bytes body bytes after content decoding; not kept after the call returns (a copy is made of what must wait)
   * @param at time of the socket read that brought them; calls with an equal `at` belong to one read
   * @throws EventTooLargeError when a block (or a line without end) exceeds the limit; the decoder is then unusable
   */
  push(bytes: Uint8Array, at: number): void;
  /** Ends the stream: an unfinished block is discarded, its id too. */
  end(): DecoderEnd;
}
