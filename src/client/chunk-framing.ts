const CR = 0x0d;
const LF = 0x0a;

/** Where the bytes at hand belong. */
type Part =
  /** Empty lines that some servers send before an answer. */
  | 'before'
  | 'status-line'
  /** The lines of a head; `blank` while nothing of the line at hand has come. */
  | 'head'
  | 'size'
  /** What follows the size up to the end of its line: extensions, which carry nothing. */
  | 'extension'
  | 'data'
  /** The line ending that follows the bytes of a chunk. */
  | 'data-end'
  /** The last chunk has come, or nothing that is understood: no more is looked at. */
  | 'over';

/** Where in the status line the class of the status stands: `HTTP/1.1 200`. */
const STATUS_CLASS_AT = 9;
const INTERIM = 0x31;

/**
 * Finds the ends of the chunks in the raw bytes of an answer with a chunked body (RFC 9112 §7.1), which an HTTP parser
 * takes away. It stands beside a parser that judges the answer: what that one refuses needs no care here.
 *
 * Places are offsets in the body, where chunks lie side by side.
 */
export class ChunkFraming {
  #part: Part = 'before';
  /** The part's line is empty so far, a CR not counted. */
  #blank = true;
  /** Bytes of the status line so far. */
  #column = 0;
  /** The head is one of status 1xx: another head follows it. */
  #interim = false;
  #size = 0;
  /** Body bytes of the chunk that are still to come. */
  #missing = 0;
  /** Body bytes seen, and handed over. */
  #seen = 0;
  #taken = 0;
  /** Ends of chunks, of which those before `#next` were handed over. */
  #ends: number[] = [];
  #next = 0;

  /** The next bytes of the connection, of the head too. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.#part !== 'over') {
      if (this.#part === 'data') at += this.#data(bytes.length - at);
      else this.#framing(bytes[at++] as number);
    }
  }

  /**
   * The parser hands over the next `length` bytes of the body: offsets among them, from 1 to `length`, after which a
   * chunk had ended.
   */
  take(length: number): readonly number[] {
    const from = this.#taken;
    this.#taken += length;
    const taken: number[] = [];
    for (
      let end = this.#ends[this.#next];
      end !== undefined && end <= this.#taken;
      end = this.#ends[this.#next]
    ) {
      taken.push(end - from);
      this.#next++;
    }
    if (this.#next === this.#ends.length) {
      this.#ends = [];
      this.#next = 0;
    }
    return taken;
  }

  #data(available: number): number {
    const length = Math.min(available, this.#missing);
    this.#missing -= length;
    this.#seen += length;
    if (this.#missing === 0) {
      this.#ends.push(this.#seen);
      this.#part = 'data-end';
    }
    return length;
  }

  #framing(byte: number): void {
    switch (this.#part) {
      case 'before':
        if (byte === CR || byte === LF) return;
        this.#part = 'status-line';
        this.#column = 1;
        return;
      case 'status-line':
        if (this.#column === STATUS_CLASS_AT) this.#interim = byte === INTERIM;
        this.#column++;
        if (byte === LF) this.#enter('head');
        return;
      case 'head':
        if (byte === LF && this.#blank) this.#enter(this.#interim ? 'before' : 'size');
        else if (byte !== CR) this.#blank = byte === LF;
        return;
      case 'size':
        return this.#sizeDigit(byte);
      case 'extension':
        if (byte === LF) this.#beginChunk();
        return;
      case 'data-end':
        if (byte === LF) this.#enter('size');
        return;
    }
  }

  #enter(part: Part): void {
    this.#part = part;
    this.#blank = true;
    this.#size = 0;
  }

  #sizeDigit(byte: number): void {
    const digit = hexDigit(byte);
    if (digit === undefined) {
      // A line without a size is none of this coding.
      if (this.#blank) this.#part = 'over';
      else if (byte === LF) this.#beginChunk();
      else this.#part = 'extension';
      return;
    }
    this.#blank = false;
    this.#size = this.#size * 16 + digit;
    if (this.#size > Number.MAX_SAFE_INTEGER) this.#part = 'over';
  }

  #beginChunk(): void {
    this.#missing = this.#size;
    // Trailers follow the last chunk, and belong to no body.
    this.#part = this.#size === 0 ? 'over' : 'data';
  }
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
