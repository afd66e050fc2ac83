import type { LineEnd } from '../answer.ts';
import { encode, LINE_ENDS } from '../encoding.ts';
import type { Outgoing } from './line.ts';
import { bytesPiece, type Piece } from './piece.ts';

/** A line of the stream and how it ends. */
export interface Line {
  content: Buffer;
  /** Empty where the line doesn't end. */
  end: Buffer;
}

/** Where a block is cut into writes, given its bytes: at most so many offsets inside it, the first ones. */
export type Cutter = (bytes: Buffer, most: number) => readonly number[];

/** More parts than this are not made of one block: its rest goes in one. */
const MAX_PARTS = 4096;

/** One thing that a stream sends, as lines that faults may change, on its way to the wire. */
export class Block {
  readonly kind: Outgoing['kind'];
  /** The number of an event. */
  readonly n: number | undefined;
  /** It says that the answer is whole. */
  readonly done: boolean;
  /** When it should leave, on the clock of the timetable. */
  readonly dueMs: number;
  readonly #lineEnd: LineEnd;
  lines: Line[];
  /** What happens before its first byte, and behind its last one. */
  readonly before: Piece[] = [];
  readonly after: Piece[] = [];
  /** How many times it is sent. */
  copies = 1;
  /** It changes places with the event that follows. */
  swapped = false;
  /** It is cut inside a field, and the body with it. */
  truncated = false;
  readonly cutters: Cutter[] = [];

  /** @throws UnencodableEventError for an event that the format has no way to carry */
  constructor(item: Outgoing, dueMs: number, lineEnd: LineEnd) {
    this.kind = item.kind;
    this.n = item.kind === 'event' ? item.n : undefined;
    this.done = item.kind === 'event' && item.done;
    this.dueMs = dueMs;
    this.#lineEnd = lineEnd;
    this.lines = linesOf(item, lineEnd);
  }

  get byteLength(): number {
    return this.lines.reduce((sum, { content, end }) => sum + content.length + end.length, 0);
  }

  /** Nothing of it is left to be sent. */
  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /** The field's values, in order (HTML standard, section 9.2.6). */
  values(field: string): Buffer[] {
    return this.lines
      .filter(({ content }) => fieldName(content) === field)
      .map(({ content }) => fieldValue(content));
  }

  /** What a receiver takes for the event's data; nothing where it has none. */
  get data(): string | undefined {
    const values = this.values('data');
    return values.length === 0 ? undefined : values.map(String).join('\n');
  }

  /** In bytes of UTF-8. */
  get dataLength(): number {
    const values = this.values('data');
    return values.reduce((sum, value) => sum + value.length, Math.max(0, values.length - 1));
  }

  /** Puts lines where those of the field were: at its first one, else in front of the blank line. */
  replace(field: string, contents: readonly Buffer[]): void {
    const isField = ({ content }: Line) => fieldName(content) === field;
    const first = this.lines.findIndex(isField);
    const blank = this.lines.findIndex(({ content }) => content.length === 0);
    const place = first >= 0 ? first : blank >= 0 ? blank : this.lines.length;
    const rest = this.lines.filter((line) => !isField(line));
    this.lines = [...rest.slice(0, place), ...contents.map((each) => this.#line(each)), ...rest.slice(place)];
  }

  /** Puts a line in front of all others. */
  prepend(content: string): void {
    this.lines.unshift(this.#line(Buffer.from(content)));
  }

  /** Ends its lines otherwise; bytes that are sent as they are have none. */
  endLinesWith(lineEnd: LineEnd): void {
    const end = Buffer.from(LINE_ENDS[lineEnd]);
    for (const line of this.lines) if (line.end.length > 0) line.end = end;
  }

  /** Everything that is done for it, in order. */
  pieces(gapMs: number): Piece[] {
    // What isn't sent isn't waited for either.
    if (this.isEmpty && !this.truncated) return this.after;
    const bytes = this.#bytes();
    const whole = this.#parts(bytes, gapMs);
    const copies = Array.from({ length: this.copies - (this.truncated ? 1 : 0) }, () => whole).flat();
    if (!this.truncated) return [...this.before, ...copies, ...this.after];
    const rest: Piece[] = [bytesPiece(bytes.subarray(0, this.#insideField())), { kind: 'cut' }];
    return [...this.before, ...copies, ...rest];
  }

  #bytes(): Buffer {
    return Buffer.concat(this.lines.flatMap(({ content, end }) => [content, end]));
  }

  /** Each part leaves by itself, a gap before the next. */
  #parts(bytes: Buffer, gapMs: number): Piece[] {
    const offsets = new Set(this.cutters.flatMap((cutter) => cutter(bytes, MAX_PARTS)));
    const inside = [...offsets].filter((offset) => offset > 0 && offset < bytes.length);
    const cuts = inside.sort((a, b) => a - b).slice(0, MAX_PARTS - 1);
    const pieces: Piece[] = [];
    let start = 0;
    for (const cut of cuts) {
      pieces.push(bytesPiece(bytes.subarray(start, cut)), { kind: 'drain' }, { kind: 'wait', ms: gapMs });
      start = cut;
    }
    return [...pieces, bytesPiece(bytes.subarray(start))];
  }

  /** An offset inside the last line that says something, between two characters. */
  #insideField(): number {
    let start = 0;
    let found = 0;
    for (const { content, end } of this.lines) {
      if (content.length > 0)
        found = start + Math.max(1, characterStart(content, Math.ceil(content.length / 2)));
      start += content.length + end.length;
    }
    return found;
  }

  #line(content: Buffer): Line {
    return { content, end: this.lines[0]?.end ?? Buffer.from(LINE_ENDS[this.#lineEnd]) };
  }
}

/** A character has at most so many bytes after its first one, each of them `10xxxxxx`. */
export function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The nearest offset from here back at which a character starts. */
export function characterStart(content: Buffer, offset: number): number {
  let start = offset;
  while (start > 0 && isContinuation(content[start])) start -= 1;
  return start;
}

function linesOf(item: Outgoing, lineEnd: LineEnd): Line[] {
  const bytes = Buffer.from(encode(item, lineEnd));
  // What a schedule sends as it is has no lines: nobody changes how they end.
  return item.kind === 'bytes' ? [{ content: bytes, end: Buffer.alloc(0) }] : linesIn(bytes);
}

/** The lines of a block, each as it ends. */
function linesIn(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  // Each kind is looked for again only when it was passed: a search may go through all of many megabytes.
  let cr = -1;
  let lf = -1;
  for (let start = 0; start < bytes.length; ) {
    if (cr < start) cr = orEnd(bytes, bytes.indexOf(CR, start));
    if (lf < start) lf = orEnd(bytes, bytes.indexOf(LF, start));
    const middle = Math.min(cr, lf);
    const next = middle + (middle === cr && lf === cr + 1 ? 2 : 1);
    lines.push({ content: bytes.subarray(start, middle), end: bytes.subarray(middle, next) });
    start = next;
  }
  return lines;
}

function orEnd(bytes: Buffer, offset: number): number {
  return offset < 0 ? bytes.length : offset;
}

function fieldName(line: Buffer): string {
  const colon = line.indexOf(COLON);
  return (colon < 0 ? line : line.subarray(0, colon)).toString('utf8').replace(/^\uFEFF/, '');
}

function fieldValue(line: Buffer): Buffer {
  const colon = line.indexOf(COLON);
  if (colon < 0) return line.subarray(line.length);
  return line.subarray(colon + (line[colon + 1] === SPACE ? 2 : 1));
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
