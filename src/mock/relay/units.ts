/** A piece of an event stream that means something by itself, with its very bytes. */
export interface Unit {
  /** A block with its blank line; comment lines, or a blank line, that stand alone; a piece of what is too long. */
  kind: 'block' | 'comment' | 'blank' | 'piece';
  bytes: Buffer;
}

/** What is longer goes on in pieces: nobody holds more of a stream than this. */
const MAX_UNIT_BYTES = 16 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/**
 * Cuts an event stream into units, each as soon as it is complete: a comment that keeps a connection alive has no
 * blank line to wait for. Put together, the units are what came, byte for byte. Lines may end in LF, CR or CRLF.
 */
export class UnitCutter {
  readonly #maxBytes: number;
  /** What is held of the unit under way. */
  #parts: Buffer[] = [];
  #heldBytes = 0;
  /** The lines of the unit under way that have ended. */
  #lines: 'none' | 'comments' | 'fields' = 'none';
  #lineUnderWay: 'none' | 'comment' | 'field' = 'none';
  /** An LF that comes next belongs to the CR before it. */
  #afterCr = false;
  #inPieces = false;
  #units: Unit[] = [];

  constructor(maxBytes = MAX_UNIT_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The units that these bytes complete; the bytes must stay as they are. */
  push(bytes: Uint8Array): Unit[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#units = [];
    let unit = 0;
    let line = 0;
    if (this.#afterCr && chunk[0] === LF) {
      line = 1;
      if (this.#lines === 'none') unit = this.#cut(chunk, unit, line, 'blank');
    }
    const ends = new LineEnds(chunk);
    while (line < chunk.length) {
      // A comment is complete without a blank line, unless one follows it.
      const end = ends.after(line);
      const isEmpty = this.#lineUnderWay === 'none' && end.text === line;
      if (this.#lines === 'comments' && !isEmpty) unit = this.#cut(chunk, unit, line, 'comment');
      this.#afterCr = end.splitsCrLf;
      if (this.#lineUnderWay === 'none' && !isEmpty) {
        this.#lineUnderWay = chunk[line] === COLON ? 'comment' : 'field';
      }
      line = end.next;
      if (!end.found) break;
      if (isEmpty) unit = this.#cut(chunk, unit, line, KINDS[this.#lines]);
      else this.#endLine();
    }
    if (this.#lines === 'comments' && this.#lineUnderWay === 'none') {
      unit = this.#cut(chunk, unit, chunk.length, 'comment');
    }
    this.#hold(chunk.subarray(unit));
    return this.#units;
  }

  /** What is left at the end: a unit that was never completed. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#heldBytes = 0;
    return rest;
  }

  #endLine(): void {
    if (this.#lineUnderWay === 'field') this.#lines = 'fields';
    else if (this.#lines === 'none') this.#lines = 'comments';
    this.#lineUnderWay = 'none';
  }

  #cut(chunk: Buffer, from: number, end: number, kind: Unit['kind']): number {
    const piece = chunk.subarray(from, end);
    const bytes = this.#heldBytes === 0 ? piece : Buffer.concat([...this.#parts, piece]);
    if (bytes.length > 0) this.#units.push({ kind: this.#inPieces ? 'piece' : kind, bytes });
    this.#parts = [];
    this.#heldBytes = 0;
    this.#lines = 'none';
    this.#inPieces = false;
    return end;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= this.#maxBytes && !this.#inPieces) return;
    this.#units.push({ kind: 'piece', bytes: this.rest() });
    this.#inPieces = true;
  }
}

const KINDS = { none: 'blank', comments: 'comment', fields: 'block' } as const;

/** The line ends of a chunk, one after the other; looks at each byte once or twice. */
class LineEnds {
  readonly #chunk: Buffer;
  #lf = -1;
  #cr = -1;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** Of the line from `start`: where its text ends, where the next one begins. */
  after(start: number): { found: boolean; text: number; next: number; splitsCrLf: boolean } {
    this.#lf = this.#search(LF, this.#lf, start);
    this.#cr = this.#search(CR, this.#cr, start);
    const chunk = this.#chunk;
    const text = Math.min(this.#lf, this.#cr);
    if (text === chunk.length) return { found: false, text, next: text, splitsCrLf: false };
    const next = text + (chunk[text] === CR && chunk[text + 1] === LF ? 2 : 1);
    return { found: true, text, next, splitsCrLf: chunk[next - 1] === CR && next === chunk.length };
  }

  #search(byte: number, last: number, start: number): number {
    if (last >= start) return last;
    const found = this.#chunk.indexOf(byte, start);
    return found === -1 ? this.#chunk.length : found;
  }
}
