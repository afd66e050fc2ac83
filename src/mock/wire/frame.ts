/** Bytes of a body that leave in one write, encoded once for all the streams that carry them. */
export class Frame {
  readonly #source: string | Buffer;
  #bytes: Buffer | undefined;
  #chunk: Buffer | undefined;
  /** Of the bytes, without the chunk around them. */
  readonly byteLength: number;

  /** @param source text stands for its UTF-8 bytes */
  constructor(source: string | Buffer) {
    this.#source = source;
    this.byteLength = Buffer.byteLength(source);
  }

  get bytes(): Buffer {
    this.#bytes ??= typeof this.#source === 'string' ? Buffer.from(this.#source) : this.#source;
    return this.#bytes;
  }

  /** As a chunk of HTTP/1.1's chunked transfer coding (RFC 9112, section 7.1). */
  get chunk(): Buffer {
    this.#chunk ??= this.#encodeChunk();
    return this.#chunk;
  }

  #encodeChunk(): Buffer {
    const size = `${this.byteLength.toString(16)}\r\n`;
    if (typeof this.#source === 'string') return Buffer.from(`${size}${this.#source}\r\n`);
    return Buffer.concat([Buffer.from(size, 'latin1'), this.#source, CRLF]);
  }
}

const CRLF = Buffer.from('\r\n', 'latin1');
