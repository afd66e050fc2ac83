import type { Block } from './block.ts';
import type { BlockMeter } from './block-meter.ts';
import { CR, LF } from './line-ends.ts';
import type { LineText } from './line-text.ts';

/**
 * Measures blocks whose lines end in CRLF or CR, or in any mix: looks at each line in the bytes, then has the
 * whole lines parsed.
 */
export class CrBlocks implements BlockMeter {
  closedBytes = 0;
  closedReads = 0;
  /** Of the last scan: it met a line or block larger than the limit, and stopped at the line that made it so. */
  tooLarge = false;
  /** Of the last scan: the chunk's last byte was a CR that ended a line. */
  endsInCr = false;
  private readonly block: Block;
  private readonly lineText: LineText;
  private readonly maxEventSizeBytes: number;
  private readonly feed: (text: string) => void;
  /** Bytes and reads, in turns, of the scanned blocks with data that the parser has yet to go through. */
  private readonly scanned: number[] = [];
  private taken = 0;
  /** Where the lines begin that the parser has yet to go through, and whether they all end in CRLF. */
  private parsed = 0;
  private onlyCrLf = true;

  constructor(block: Block, lineText: LineText, maxEventSizeBytes: number, feed: (text: string) => void) {
    this.block = block;
    this.lineText = lineText;
    this.maxEventSizeBytes = maxEventSizeBytes;
    this.feed = feed;
  }

  closeBlock(): void {
    this.closedBytes = this.scanned[this.taken++] as number;
    this.closedReads = this.scanned[this.taken++] as number;
  }

  /**
   * Scans `chunk` from `start`, the start of a line, and has its whole lines parsed.
   * Returns where the line begins that isn't whole, or is too large.
   */
  scan(chunk: Buffer, start: number, at: number): number {
    const { block, maxEventSizeBytes } = this;
    this.tooLarge = false;
    this.endsInCr = false;
    this.parsed = start;
    this.onlyCrLf = true;
    let line = start;
    // Each search goes on where the one before ended, so a chunk is searched once for either byte.
    let lf = find(chunk, LF, start);
    let cr = find(chunk, CR, start);
    while (lf !== cr) {
      const end = Math.min(lf, cr);
      const isBlank = end === line;
      const sizeBytes = isBlank ? block.blankLineBytes(cr < lf) : end + 1 - line;
      if (block.limitedBytes + sizeBytes > maxEventSizeBytes) {
        this.tooLarge = true;
        break;
      }
      if (!isBlank) block.readLine(chunk, line, end, sizeBytes);
      const endsInCrLf = lf === end + 1 && lf < chunk.length;
      if (endsInCrLf && !isBlank) block.completeCrLf();
      if (!endsInCrLf) this.onlyCrLf = false;
      line = endsInCrLf ? end + 2 : end + 1;
      if (isBlank) this.endBlock(chunk, line, sizeBytes, at);
      this.endsInCr = cr === chunk.length - 1;
      if (lf < line) lf = find(chunk, LF, line);
      if (cr < line) cr = find(chunk, CR, line);
    }
    block.settleId(chunk);
    this.parse(chunk, line);
    return line;
  }

  private endBlock(chunk: Buffer, end: number, blankLineBytes: number, at: number): void {
    const { block } = this;
    if (block.hasData) {
      block.touch(at);
      this.scanned.push(block.bytes + blankLineBytes, block.reads);
    } else if (block.hasId) {
      // The events before it must be told before the id moves.
      this.parse(chunk, end);
      block.moveId(chunk);
    }
    block.reset();
  }

  /** Has the lines parsed that end at `end`. */
  private parse(chunk: Buffer, end: number): void {
    if (this.parsed === end) return;
    const text = this.lineText.decode(chunk, this.parsed, end);
    this.feed(this.onlyCrLf ? text : withLf(text));
    this.parsed = end;
    this.onlyCrLf = true;
    if (this.taken > 0) {
      this.scanned.length = 0;
      this.taken = 0;
    }
  }
}

/**
 * The parser waits after a CR that ends the text, and searches the whole text at each line for the one of CR and LF
 * that is rare in it.
 */
function withLf(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}

/** The offset of `byte`, the chunk's length where there is none. */
function find(chunk: Buffer, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found === -1 ? chunk.length : found;
}
