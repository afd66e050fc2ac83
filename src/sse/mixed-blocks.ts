import type { Block } from './block.ts';
import type { BlockMeter } from './block-meter.ts';
import { CR, LF } from './line-ends.ts';

const SHARED_SCRATCH_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
/** One for all decoders: what is in it becomes text before a listener, and so another decoder, is called. */
let sharedScratch: Buffer | undefined;

/**
 * Scans bytes of any kind, line by line: copies them with every line ending turned into LF, so that the parser
 * never waits after a CR, and measures blocks as they were received. Works on bytes because the size of invalid
 * UTF-8 can't be told from its text; no sequence spans a line ending, so whole lines can be decoded on their own.
 */
export class MixedBlocks implements BlockMeter {
  closedBytes = 0;
  closedReads = 0;
  /** Of the last scan: it met a line or block larger than the limit, and stopped at the line that made it so. */
  tooLarge = false;
  /** Of the last scan: the chunk's last byte was a CR that ended a line. */
  endsInCr = false;
  /** Of the last scan: the whole lines were ASCII with LF only. */
  wasPlain = true;
  private readonly block: Block;
  private readonly maxEventSizeBytes: number;
  private readonly feed: (text: string) => void;
  private scratch: Buffer = NOTHING;
  private scratchLength = 0;
  /** Bytes and reads, in turns, of the scanned blocks with data that the parser has yet to go through. */
  private readonly scanned: number[] = [];
  private taken = 0;

  constructor(block: Block, maxEventSizeBytes: number, feed: (text: string) => void) {
    this.block = block;
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
    const scratch = scratchFor(chunk.length - start);
    this.scratch = scratch;
    this.tooLarge = false;
    this.endsInCr = false;
    this.wasPlain = true;
    let line = start;
    let lineInScratch = 0;
    let length = 0;
    for (let i = start; i < chunk.length; ) {
      const byte = chunk[i++] as number;
      if (byte !== LF && byte !== CR) {
        scratch[length++] = byte;
        continue;
      }
      const isBlank = length === lineInScratch;
      const sizeBytes = isBlank ? block.blankLineBytes(byte) : i - line;
      if (block.limitedBytes + sizeBytes > maxEventSizeBytes) {
        this.tooLarge = true;
        break;
      }
      if (!isBlank) block.readLine(scratch, lineInScratch, length, sizeBytes);
      scratch[length++] = LF;
      this.scratchLength = length;
      if (isBlank) {
        this.endBlock(sizeBytes, at);
        length = this.scratchLength;
      }
      if (byte === CR) {
        this.wasPlain = false;
        this.endsInCr = i === chunk.length;
        if (chunk[i] === LF) {
          block.completeCrLf();
          i++;
        }
      }
      line = i;
      lineInScratch = length;
    }
    block.settleId(scratch);
    this.parse();
    this.scratch = NOTHING;
    return line;
  }

  private endBlock(blankLineBytes: number, at: number): void {
    const { block } = this;
    if (block.hasData) {
      block.touch(at);
      this.scanned.push(block.bytes + blankLineBytes, block.reads);
    } else if (block.hasId) {
      // The events before it must be told before the id moves.
      block.settleId(this.scratch);
      this.parse();
      block.moveId();
    }
    block.reset();
  }

  /** Has the scanned whole lines parsed, and starts the scratch anew. */
  private parse(): void {
    if (this.scratchLength === 0) return;
    const text = this.scratch.toString('utf8', 0, this.scratchLength);
    if (text.length !== this.scratchLength) this.wasPlain = false;
    this.scratchLength = 0;
    this.feed(text);
    this.scanned.length = 0;
    this.taken = 0;
  }
}

function scratchFor(sizeBytes: number): Buffer {
  if (sizeBytes > SHARED_SCRATCH_BYTES) return Buffer.allocUnsafe(sizeBytes);
  sharedScratch ??= Buffer.allocUnsafeSlow(SHARED_SCRATCH_BYTES);
  return sharedScratch;
}
