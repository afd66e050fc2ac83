import { type Block, hasDataLine } from './block.ts';
import type { BlockMeter } from './block-meter.ts';
import { LF } from './line-ends.ts';

const DATA = 'data: ';
const NOTHING = Buffer.alloc(0);

/**
 * Measures blocks while the parser goes through a text whose every offset is also an offset of the bytes it was
 * decoded from: ASCII, with LF only. The parser tells that a block with data has ended, and the blank lines
 * tell which bytes those were; a search for the next blank line costs far less than looking at each line.
 */
export class PlainBlocks implements BlockMeter {
  closedBytes = 0;
  closedReads = 0;
  private readonly block: Block;
  private text = '';
  private source: Buffer = NOTHING;
  /** Where the text begins in `source`. */
  private base = 0;
  /** Start of the first line that isn't accounted for yet. */
  private cursor = 0;
  private at = 0;

  constructor(block: Block) {
    this.block = block;
  }

  /** Prepares for `text`: whole lines, the first of which may continue a block; it is to be fed to the parser next. */
  begin(text: string, source: Buffer, base: number, at: number): void {
    this.text = text;
    this.source = source;
    this.base = base;
    this.cursor = 0;
    this.at = at;
  }

  closeBlock(data: string): void {
    const { block } = this;
    let end = this.blockEnd();
    // No event comes of a block without data: the event belongs to the first block that has some.
    while (!this.hasData(end, data)) {
      this.skipBlock(end);
      end = this.blockEnd();
    }
    block.touch(this.at);
    this.closedBytes = block.bytes + end - this.cursor;
    this.closedReads = block.reads;
    this.cursor = end;
    block.reset();
  }

  /** Accounts for what follows the last event, once the parser is through, and lets go of the text. */
  finish(): void {
    for (let end = this.blockEnd(); end > 0; end = this.blockEnd()) this.skipBlock(end);
    this.readLines(this.text.length);
    this.block.settleId(this.source);
    this.text = '';
    this.source = NOTHING;
  }

  /** The offset after the next blank line, 0 where there is none. */
  private blockEnd(): number {
    const { text, cursor } = this;
    if (text.charCodeAt(cursor) === LF) return cursor + 1;
    const newlines = text.indexOf('\n\n', cursor);
    return newlines === -1 ? 0 : newlines + 2;
  }

  private hasData(end: number, data: string): boolean {
    if (this.block.hasData || this.endsWithData(end, data)) return true;
    return hasDataLine(this.source, this.base + this.cursor, this.base + end);
  }

  /** Nearly every block ends in its only data line: then its place is known and no line need be searched. */
  private endsWithData(end: number, data: string): boolean {
    const { text, cursor } = this;
    const line = end - 2 - data.length - DATA.length;
    return (
      (line === cursor || (line > cursor && text.charCodeAt(line - 1) === LF)) && text.startsWith(DATA, line)
    );
  }

  private skipBlock(end: number): void {
    this.readLines(end - 1);
    this.block.settleId(this.source);
    this.block.moveId();
    this.block.reset();
    this.cursor = end;
  }

  private readLines(end: number): void {
    const { text, base, block, source } = this;
    while (this.cursor < end) {
      const lf = text.indexOf('\n', this.cursor);
      block.readLine(source, base + this.cursor, base + lf, lf + 1 - this.cursor);
      this.cursor = lf + 1;
    }
  }
}
