import { isUtf8 } from 'node:buffer';
import { BYTE_ORDER_MARK } from '../../sse/byte-order-mark.ts';
import { type LineEnd, type LineRest, LineScanner, type StreamLine } from '../../sse/line-scanner.ts';
import { Boundaries } from './boundaries.ts';
import { readLine } from './line-kind.ts';
import type { BlockEffect, WireBlock, WireLine } from './wire-block.ts';

/** What is kept of the text of a block: enough to read, whatever a server sends. */
const MAX_BLOCK_TEXT_BYTES = 64 * 1024;
const MAX_LINES = 1_000;

/** A block and what the decoder makes of it. */
export interface ScannedBlock {
  block: WireBlock;
  /** It has data: an event. */
  isEvent: boolean;
  /** Time of the read that completed it, since the start of the run. */
  t: number;
}

/** Cuts the body of one connection into its blocks, each with what is known of its bytes. */
export class BlockScanner {
  readonly #tell: (scanned: ScannedBlock) => void;
  readonly #boundaries: Boundaries;
  readonly #scanner = new LineScanner(
    { line: (line) => this.#line(line), lateLf: (offset) => this.#completeCrLf(offset) },
    MAX_BLOCK_TEXT_BYTES,
  );
  /** Decoded bytes so far, those being scanned included. */
  #position = 0;
  #start = 0;
  #lines: WireLine[] = [];
  #lineCount = 0;
  /** The last line that was told, kept or not. */
  #lastLine: WireLine | undefined;
  #textBytes = 0;
  #isEvent = false;
  #effect: BlockEffect = {};
  /** The endings of all lines but the last: an LF may still complete that one's. */
  #ends: LineEnd | 'mixed' | 'none' = 'none';
  #lateLf: number | undefined;

  /** @param encoded the body has a content coding: chunks hold encoded bytes */
  constructor(encoded: boolean, tell: (scanned: ScannedBlock) => void) {
    this.#boundaries = new Boundaries(encoded);
    this.#tell = tell;
  }

  /** Bytes before content decoding; `ends`: where among them HTTP chunks ended. */
  arrived(bytes: Uint8Array, t: number, ends: readonly number[] | undefined): void {
    this.#boundaries.arrived(bytes.length, t, ends);
  }

  /** Bytes after content decoding. */
  push(bytes: Uint8Array, t: number): void {
    this.#boundaries.decoding(this.#position, t);
    this.#position += bytes.length;
    this.#scanner.push(bytes, t);
  }

  /** The stream has ended: tells what came after the last blank line, where there is anything. */
  end(t: number): void {
    const rest = this.#scanner.rest();
    if (rest.sizeBytes > 0) this.#add({ ...withoutMark(rest), end: undefined });
    if (this.#lineCount > 0) this.#close(this.#position, t, true);
  }

  #line(line: StreamLine): void {
    this.#add(line);
    if (line.bytes.length === 0) this.#close(line.offset + line.sizeBytes, line.at, false);
  }

  #add({ offset, bytes, sizeBytes, whole, end, afterMark }: Omit<WireLine, 'kind' | 'invalidUtf8'>): void {
    const { kind, isData, effect } = readLine(bytes);
    if (isData) this.#isEvent = true;
    if (effect !== undefined && end !== undefined) Object.assign(this.#effect, effect);
    this.#noteEnd(this.#lastLine?.end);
    const room = Math.max(0, MAX_BLOCK_TEXT_BYTES - this.#textBytes);
    const kept = bytes.length <= room ? bytes : bytes.subarray(0, room);
    const line: WireLine = {
      offset,
      bytes: kept,
      sizeBytes,
      whole: whole && kept === bytes,
      end,
      afterMark,
      kind,
      // Of a line that was cut the last character may lack its end.
      invalidUtf8: whole && !isUtf8(bytes),
    };
    this.#lastLine = line;
    this.#lineCount++;
    if (this.#lines.length >= MAX_LINES) return;
    this.#lines.push(line);
    this.#textBytes += kept.length;
  }

  /** The LF may complete a line of the block under way, or the blank line of the one that has been told. */
  #completeCrLf(offset: number): void {
    if (this.#lastLine === undefined) {
      this.#lateLf = offset;
      this.#start = offset + 1;
      this.#boundaries.moveStart(this.#start);
      return;
    }
    this.#lastLine.end = 'crlf';
    this.#lastLine.sizeBytes++;
  }

  #noteEnd(end: LineEnd | undefined): void {
    if (end === undefined || end === this.#ends) return;
    this.#ends = this.#ends === 'none' ? end : 'mixed';
  }

  #close(end: number, t: number, unfinished: boolean): void {
    const lastEnd = this.#lastLine?.end;
    // A CR with nothing behind it yet may be half of a CRLF: it says nothing where other lines do.
    const undecided = lastEnd === 'cr' && end === this.#position && this.#ends !== 'none';
    if (!undecided) this.#noteEnd(lastEnd);
    const { id, ...others } = this.#effect;
    const block: WireBlock = {
      offset: this.#start,
      sizeBytes: end - this.#start,
      lines: this.#lines,
      lineCount: this.#lineCount,
      ends: this.#ends,
      ...this.#boundaries.close(end),
      ...(this.#lateLf === undefined ? {} : { lateLf: this.#lateLf }),
      // An id counts when its block ends, a wait when its line does.
      effect: unfinished || id === undefined ? others : { ...others, id },
      unfinished,
    };
    const scanned = { block, isEvent: this.#isEvent && !unfinished, t };
    this.#start = end;
    this.#lines = [];
    this.#lineCount = 0;
    this.#lastLine = undefined;
    this.#textBytes = 0;
    this.#isEvent = false;
    this.#effect = {};
    this.#ends = 'none';
    this.#lateLf = undefined;
    this.#tell(scanned);
  }
}

/** The scanner takes the stream's byte order mark off lines that end; here is one that does not. */
function withoutMark(rest: LineRest): LineRest & { afterMark: boolean } {
  const { length } = BYTE_ORDER_MARK;
  const afterMark = rest.offset === 0 && rest.bytes.subarray(0, length).equals(BYTE_ORDER_MARK);
  return { ...rest, afterMark, bytes: afterMark ? rest.bytes.subarray(length) : rest.bytes };
}
