/** Bytes of a body that leave in one write, encoded once for all the streams that carry them. */
export class Frame {
  readonly bytes: Buffer;
  #chunk: Buffer | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  static of(text: string): Frame {
    return new Frame(Buffer.from(text));
  }

  /** As a chunk of HTTP/1.1's chunked transfer coding (RFC 9112, section 7.1). */
  get chunk(): Buffer {
    this.#chunk ??= Buffer.concat([
      Buffer.from(`${this.bytes.length.toString(16)}\r\n`, 'latin1'),
      this.bytes,
      CRLF,
    ]);
    return this.#chunk;
  }
}

const CRLF = Buffer.from('\r\n', 'latin1');
