import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import { CR, LF } from './line-ends.ts';

/** How a line ended. A CR at the end of a read ends its line at once: the LF that may follow is told apart. */
export type LineEnd = 'lf' | 'cr' | 'crlf';

/** A line of an event stream, as it was on the wire. */
export interface StreamLine {
  /** Of its first byte, in the decoded body. */
  offset: number;
  /** Without its ending, and without the byte order mark that the stream may begin with; cut at the cap of the scanner. */
  bytes: Buffer;
  /** Bytes of the whole line, its ending and a byte order mark included. */
  sizeBytes: number;
  /** All of its bytes are here. */
  whole: boolean;
  end: LineEnd;
  /** The byte order mark stood in front of it. */
  afterMark: boolean;
  /** Time of the socket read that brought its end. */
  at: number;
}

export interface LineSink {
  line(line: StreamLine): void;
  /** The LF at this offset completes the CRLF whose CR ended the line told last, in an earlier read. */
  lateLf(offset: number): void;
}

export interface LineRest {
  offset: number;
  /** Bytes after the last line ending; cut at the cap. */
  bytes: Buffer;
  sizeBytes: number;
  whole: boolean;
}

/**
 * Cuts a decoded body into the lines that the HTML standard (section 9.2.5) makes of it, with what a decoder forgets:
 * where each began and how it ended. For whoever explains a stream: a decoder needs none of it.
 */
export class LineScanner {
  readonly #sink: LineSink;
  readonly #maxLineBytes: number;
  /** Bytes of the body before the chunk at hand. */
  #position = 0;
  /** The line that has not ended yet: where it began, how long it is, and its bytes up to the cap. */
  #start = 0;
  #size = 0;
  #parts: Buffer[] = [];
  #kept = 0;
  #afterCr = false;

  /** @param maxLineBytes of a longer line so many bytes are kept, so that memory stays bounded */
  constructor(sink: LineSink, maxLineBytes: number) {
    this.#sink = sink;
    this.#maxLineBytes = maxLineBytes;
  }

  push(bytes: Uint8Array, at: number): void {
    if (bytes.length === 0) return;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let from = 0;
    if (this.#afterCr) {
      this.#afterCr = false;
      if (chunk[0] === LF) {
        this.#sink.lateLf(this.#position);
        from = 1;
        this.#start = this.#position + 1;
      }
    }
    let lf = find(chunk, LF, from);
    let cr = find(chunk, CR, from);
    while (lf !== cr) {
      const end = Math.min(lf, cr);
      const isCrLf = cr === end && lf === end + 1 && lf < chunk.length;
      this.#keep(chunk, from, end);
      from = isCrLf ? end + 2 : end + 1;
      this.#tell(end === lf ? 'lf' : isCrLf ? 'crlf' : 'cr', at);
      this.#start = this.#position + from;
      this.#afterCr = cr === chunk.length - 1;
      if (lf < from) lf = find(chunk, LF, from);
      if (cr < from) cr = find(chunk, CR, from);
    }
    this.#keep(chunk, from, chunk.length);
    this.#position += chunk.length;
  }

  /** What came after the last line ending. */
  rest(): LineRest {
    const whole = this.#kept === this.#size;
    return { offset: this.#start, bytes: Buffer.concat(this.#parts), sizeBytes: this.#size, whole };
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    this.#size += to - from;
    const room = this.#maxLineBytes - this.#kept;
    if (to === from || room <= 0) return;
    // The chunk is the transport's: what outlives the call is copied.
    const part = Buffer.from(chunk.subarray(from, Math.min(to, from + room)));
    this.#parts.push(part);
    this.#kept += part.length;
  }

  #tell(end: LineEnd, at: number): void {
    const [first] = this.#parts;
    const text = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    const afterMark = this.#start === 0 && text.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    this.#sink.line({
      offset: this.#start,
      bytes: afterMark ? text.subarray(BYTE_ORDER_MARK.length) : text,
      sizeBytes: this.#size + (end === 'crlf' ? 2 : 1),
      whole: this.#kept === this.#size,
      end,
      afterMark,
      at,
    });
    this.#parts = [];
    this.#kept = 0;
    this.#size = 0;
  }
}

/** The offset of `byte`, the chunk's length where there is none. */
function find(chunk: Buffer, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found === -1 ? chunk.length : found;
}
