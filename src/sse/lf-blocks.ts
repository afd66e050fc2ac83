import { type Block, hasDataLine } from './block.ts';
import type { BlockMeter } from './block-meter.ts';
import { LF } from './line-ends.ts';

const DATA = Buffer.from('data: ');
const LETTER_D = 0x64;
const NOTHING = Buffer.alloc(0);

/**
 * Measures blocks whose lines all end in LF, while the parser goes through their lines. The parser tells that a
 * block with data has ended; blank lines tell which bytes those were. They are searched in a string with a
 * character for each byte: V8 does that far faster than anything can look at each line.
 */
export class LfBlocks implements BlockMeter {
  closedBytes = 0;
  closedReads = 0;
  private readonly block: Block;
  /** Whole lines, a character for each byte. */
  private lines = '';
  private source: Buffer = NOTHING;
  /** Where the lines begin in `source`. */
  private base = 0;
  /** Start of the first line that isn't accounted for yet. */
  private cursor = 0;
  private at = 0;

  constructor(block: Block) {
    this.block = block;
  }

  /** Prepares for whole lines, the first of which may continue a block. Their text is to be parsed next. */
  begin(lines: string, source: Buffer, base: number, at: number): void {
    this.lines = lines;
    this.source = source;
    this.base = base;
    this.cursor = 0;
    this.at = at;
  }

  closeBlock(data: string): void {
    const { block } = this;
    const end = this.endAfterOnlyData(data) || this.endAfterSearch();
    block.touch(this.at);
    this.closedBytes = block.bytes + end - this.cursor;
    this.closedReads = block.reads;
    this.cursor = end;
    block.reset();
  }

  /** Accounts for what follows the last event, once the parser is through, and lets go of the lines. */
  finish(): void {
    if (this.cursor < this.lines.length) this.readRest();
    this.lines = '';
    this.source = NOTHING;
  }

  private readRest(): void {
    for (let end = this.blockEnd(); end > 0; end = this.blockEnd()) this.skipBlock(end);
    this.readLines(this.lines.length);
    this.block.settleId(this.source);
  }

  /** The offset after the next blank line, 0 where there is none. */
  private blockEnd(): number {
    const { lines, cursor } = this;
    if (lines.charCodeAt(cursor) === LF) return cursor + 1;
    const newlines = lines.indexOf('\n\n', cursor);
    return newlines === -1 ? 0 : newlines + 2;
  }

  /**
   * The end of a block whose one data line is its last line, as in nearly all; 0 where it isn't so. The length of the
   * data tells where the line must end, so neither the line nor its block need be searched. (Where the data isn't
   * ASCII it has fewer characters than bytes: then the place lies within the line, and the guess fails.)
   */
  private endAfterOnlyData(data: string): number {
    if (this.block.hasData) return 0;
    const { lines, source, base } = this;
    let line = this.cursor;
    do {
      const first = source[base + line];
      if (first === LF) return 0;
      // A first data line of another spelling adds to the data too: only the common one tells the length.
      if (first === LETTER_D) return this.endAfterValue(line, data.length);
      line = lines.indexOf('\n', line) + 1;
    } while (line > 0);
    return 0;
  }

  private endAfterValue(line: number, valueLength: number): number {
    const { source } = this;
    const start = this.base + line;
    const end = start + DATA.length + valueLength;
    if (source[end] !== LF || source[end + 1] !== LF) return 0;
    for (let i = 1; i < DATA.length; i++) if (source[start + i] !== DATA[i]) return 0;
    return end - this.base + 2;
  }

  /** The end of the first block with data: no event comes of those before it. */
  private endAfterSearch(): number {
    let end = this.blockEnd();
    while (!this.block.hasData && !hasDataLine(this.source, this.base + this.cursor, this.base + end)) {
      this.skipBlock(end);
      end = this.blockEnd();
    }
    return end;
  }

  private skipBlock(end: number): void {
    this.readLines(end - 1);
    this.block.moveId(this.source);
    this.block.reset();
    this.cursor = end;
  }

  private readLines(end: number): void {
    const { lines, base, block, source } = this;
    while (this.cursor < end) {
      const lf = lines.indexOf('\n', this.cursor);
      block.readLine(source, base + this.cursor, base + lf, lf + 1 - this.cursor);
      this.cursor = lf + 1;
    }
  }
}
