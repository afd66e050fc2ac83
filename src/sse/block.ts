import { LF } from './line-ends.ts';

const COLON = 0x3a;
const SPACE = 0x20;
const NUL = 0x00;
const DATA = Buffer.from('data');
const ID = Buffer.from('id');
const EVENT = Buffer.from('event');

/**
 * What the decoder must know about the block being received and the parser doesn't tell: its size, the reads
 * it came in, and its id where the parser will report none because the block has no data.
 *
 * A block is everything since the last blank line, comments included (HTML standard, section 9.2.5:
 * `event = *( comment / field ) end-of-line`).
 */
export class Block {
  /** The standard's "last event ID" of the stream: moved when a block ends, whether it has data or not. */
  lastEventId: string;
  /** Bytes of the block's whole lines. */
  bytes = 0;
  /**
   * The part of `bytes` that counts toward the size limit: from the first field on. Comments before it have
   * been delivered and wait for nothing, so a stream may consist of them.
   */
  limitedBytes = 0;
  reads = 0;
  hasField = false;
  hasData = false;
  /** It has a field that an event consists of. */
  hasEventPart = false;
  private readAt = 0;
  private endsInCrLf = false;
  private id: string | undefined;
  /** The id's place in the buffer that `readLine` was given; decoded only when the parser won't report it. */
  private idStart = -1;
  private idEnd = -1;

  constructor(lastEventId: string) {
    this.lastEventId = lastEventId;
  }

  /** Takes note of one line that isn't blank: `end` excludes its line ending, `sizeBytes` includes it. */
  readLine(source: Uint8Array, start: number, end: number, sizeBytes: number): void {
    this.endsInCrLf = false;
    this.bytes += sizeBytes;
    if (!this.hasField) {
      if (source[start] === COLON) return;
      this.hasField = true;
    }
    this.limitedBytes += sizeBytes;
    if (isField(source, start, end, DATA)) {
      this.hasData = true;
      this.hasEventPart = true;
    } else if (isField(source, start, end, ID)) {
      this.noteId(source, start + ID.length, end);
      this.hasEventPart = true;
    } else if (isField(source, start, end, EVENT)) this.hasEventPart = true;
  }

  /** The LF that completes a CRLF. After a blank line it belongs to no block: `blankLineBytes` has counted it. */
  completeCrLf(): void {
    if (this.bytes === 0) return;
    this.endsInCrLf = true;
    this.bytes++;
    if (this.hasField) this.limitedBytes++;
  }

  /**
   * What the block's blank line counts for. An event leaves as soon as the blank line's CR is there, before
   * anyone can know whether an LF follows: it is taken to follow where the line before ended in CRLF. So the
   * size doesn't depend on how the stream was cut into chunks.
   */
  blankLineBytes(endsInCr: boolean): number {
    return endsInCr && this.endsInCrLf ? 2 : 1;
  }

  /** Counts the socket read at `at`, once. */
  touch(at: number): void {
    if (this.reads > 0 && this.readAt === at) return;
    this.reads++;
    this.readAt = at;
  }

  /** Decodes the id while the buffer that the lines were read from still holds it. */
  settleId(source: Buffer): void {
    if (this.idStart < 0) return;
    this.id = source.toString('utf8', this.idStart, this.idEnd);
    this.idStart = -1;
  }

  get hasId(): boolean {
    return this.id !== undefined || this.idStart >= 0;
  }

  /** Ends a block without data: no event, but its id becomes the stream's (section 9.2.6). */
  moveId(source: Buffer): void {
    this.settleId(source);
    if (this.id !== undefined) this.lastEventId = this.id;
  }

  /** Starts the next block. */
  reset(): void {
    this.bytes = 0;
    this.limitedBytes = 0;
    this.reads = 0;
    this.hasField = false;
    this.hasData = false;
    this.hasEventPart = false;
    this.endsInCrLf = false;
    this.id = undefined;
    this.idStart = -1;
  }

  private noteId(source: Uint8Array, colon: number, end: number): void {
    const start = source[colon + 1] === SPACE && colon + 1 < end ? colon + 2 : colon + 1;
    for (let i = start; i < end; i++) if (source[i] === NUL) return;
    this.idStart = Math.min(start, end);
    this.idEnd = end;
  }
}

/** Whether the line from `start` has the field `name`: name and colon, or the name alone. */
function isField(source: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  const after = start + name.length;
  if (after > end || (after < end && source[after] !== COLON)) return false;
  for (let i = 0; i < name.length; i++) if (source[start + i] !== name[i]) return false;
  return true;
}

/** Whether a line that has no end yet is a field that an event consists of, or may become one. */
export function mayBeEventPart(line: Buffer): boolean {
  return [DATA, ID, EVENT].some((name) =>
    line.length < name.length
      ? line.length > 0 && name.subarray(0, line.length).equals(line)
      : isField(line, 0, line.length, name),
  );
}

/** Whether any line of `source` between two offsets, both at the start of a line, is a `data` field; lines end in LF. */
export function hasDataLine(source: Buffer, start: number, end: number): boolean {
  for (let from = start; from < end; ) {
    const lf = source.indexOf(LF, from);
    const lineEnd = lf === -1 ? end : lf;
    if (isField(source, from, lineEnd, DATA)) return true;
    from = lineEnd + 1;
  }
  return false;
}
