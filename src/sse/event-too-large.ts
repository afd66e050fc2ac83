/**
 * A block or a line without end outgrew the decoder's limit. Match on `code`, not on the class.
 * The decoder that threw it is unusable; a new one, with a new connection, is needed.
 */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
  readonly code = 'EVENT_TOO_LARGE';
  /** The limit that was exceeded, in bytes. */
  readonly limit: number;
  /** Where in the decoded stream the event begins, in bytes from its start (a byte order mark included). */
  readonly offset: number;

  constructor(limit: number, offset: number) {
    super(`The event that begins at byte ${offset} of the stream is larger than ${limit} bytes`);
    this.limit = limit;
    this.offset = offset;
  }
}
