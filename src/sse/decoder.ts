import type { EventSourceMessage } from 'eventsource-parser';
import { Block, mayBeEventPart } from './block.ts';
import type { BlockMeter } from './block-meter.ts';
import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import { CrBlocks } from './cr-blocks.ts';
import { EventParser, type ParserListener } from './event-parser.ts';
import { EventTooLargeError } from './event-too-large.ts';
import { HeldLine } from './held-line.ts';
import { LfBlocks } from './lf-blocks.ts';
import { CR, LF } from './line-ends.ts';
import { LineText } from './line-text.ts';
import type { Decoder, DecoderEnd, SseSink } from './sink.ts';

export interface DecoderOptions {
  /**
   * Largest block in bytes, counted from its first field on; also the longest line. Default 16 MiB.
   * What is buffered stays within it, whatever the server sends.
   */
  maxEventSizeBytes?: number;
  /** The id that the stream was resumed with; events report it until the stream names another. Default `''`. */
  lastEventId?: string;
}

const DEFAULT_MAX_EVENT_SIZE_BYTES = 16 * 1024 * 1024;
/** V8 copies strings below this length; longer slices keep the text that they were cut from. */
const SHORTEST_SLICED_STRING = 13;
/** Texts up to this length are not worth a copy of the id that they would be kept for. */
const SMALL_TEXT = 1024;

/**
 * Decodes an event stream as the HTML standard says (section 9.2.5 and 9.2.6), and at once: an event leaves
 * with the byte that completes it, a comment or `retry` with the end of its line. Any way of cutting the
 * stream into chunks gives the same records.
 *
 * Exactly one byte order mark is stripped (it counts for no event's `bytes`); invalid UTF-8 becomes U+FFFD.
 *
 * @throws EventTooLargeError (`EVENT_TOO_LARGE`) from `push`, when an event outgrows `maxEventSizeBytes`
 */
export function createDecoder(sink: SseSink, options: DecoderOptions = {}): Decoder {
  return new StreamDecoder(sink, options);
}

/**
 * eventsource-parser assembles the events; it is only ever given whole lines that end in LF, so that it holds
 * nothing back. What it doesn't tell (sizes, reads, ids without data) is found beside it: for chunks with LF only
 * by `LfBlocks`, which is fast, for others by `CrBlocks`.
 */
class StreamDecoder implements Decoder, ParserListener {
  private readonly sink: SseSink;
  private readonly maxEventSizeBytes: number;
  /** Absent between blocks: most streams are quiet most of the time. */
  private parser: EventParser | undefined;
  /** The stream has lines that mean nothing (an unknown field, a `retry` that is no number): more are likely. */
  private hasIgnoredLines = false;
  private readonly block: Block;
  /** Absent between lines. */
  private held: HeldLine | undefined;
  private readonly lineText = new LineText();
  private readonly lfBlocks: LfBlocks;
  private crBlocks: CrBlocks | undefined;
  /** The way that the text being parsed is measured in. */
  private measuring: BlockMeter;
  private at = 0;
  /** Bytes of the stream before the chunk at hand. */
  private position = 0;
  /** How much of a byte order mark the stream began with; 3 ends the question. */
  private markLength = 0;
  private pastMark = false;
  /** The last byte was a CR that ended a line: an LF that follows belongs to it. */
  private afterCr = false;

  constructor(sink: SseSink, options: DecoderOptions) {
    this.sink = sink;
    this.maxEventSizeBytes = options.maxEventSizeBytes ?? DEFAULT_MAX_EVENT_SIZE_BYTES;
    this.block = new Block(options.lastEventId ?? '');
    this.lfBlocks = new LfBlocks(this.block);
    this.measuring = this.lfBlocks;
  }

  get lastEventId(): string {
    return this.block.lastEventId;
  }

  push(bytes: Uint8Array, at: number): void {
    if (bytes.length === 0) return;
    const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
    const start = this.pastMark ? 0 : this.passMark(chunk);
    this.decode(chunk, start);
    const { block } = this;
    if (block.bytes > 0 || this.heldBytes > 0 || !this.pastMark) block.touch(at);
    this.position += chunk.length;
    // Without a line of a block the parser has nothing to remember.
    if (!block.hasField && this.parser !== undefined) {
      this.parser.giveBack();
      this.parser = undefined;
    }
  }

  end(): DecoderEnd {
    const unfinishedBytes = this.heldBytes + (this.pastMark ? 0 : this.markLength);
    return {
      pendingBytes: this.block.bytes + unfinishedBytes,
      insideEvent: unfinishedBytes > 0 || this.block.hasField,
      losesEvent: this.block.hasEventPart || (this.held !== undefined && mayBeEventPart(this.held.line)),
    };
  }

  /** Consumes the stream's one byte order mark, however it is split; what only began like one is text. */
  private passMark(chunk: Buffer): number {
    const earlier = this.markLength;
    let length = earlier;
    while (length < BYTE_ORDER_MARK.length && chunk[length - earlier] === BYTE_ORDER_MARK[length]) length++;
    this.markLength = length;
    if (length === BYTE_ORDER_MARK.length) {
      this.pastMark = true;
      this.block.reset();
      return length - earlier;
    }
    if (length - earlier === chunk.length) return chunk.length;
    this.pastMark = true;
    if (earlier > 0) this.append(BYTE_ORDER_MARK, 0, earlier);
    return 0;
  }

  private decode(chunk: Buffer, from: number): void {
    let start = this.held === undefined ? from : this.finishHeldLine(this.held, chunk, from);
    if (this.afterCr && start < chunk.length) {
      this.afterCr = false;
      if (chunk[start] === LF) {
        this.block.completeCrLf();
        start++;
      }
    }
    if (start === chunk.length) return;
    const mayBeTooLarge = this.block.limitedBytes + chunk.length - start > this.maxEventSizeBytes;
    if (mayBeTooLarge || chunk.indexOf(CR, start) !== -1) this.decodeCr(chunk, start);
    else this.decodeLf(chunk, start);
  }

  /** Joins a line that earlier chunks began with its end, as bytes. Returns where the next line starts. */
  private finishHeldLine(held: HeldLine, chunk: Buffer, start: number): number {
    let end = start;
    while (end < chunk.length && chunk[end] !== LF && chunk[end] !== CR) end++;
    if (end === chunk.length) {
      this.hold(chunk, start, end);
      return end;
    }
    this.checkLine(start - held.length, held.length + end + 1 - start);
    held.append(chunk, start, end);
    const { line } = held;
    this.held = undefined;
    this.block.readLine(line, 0, line.length, line.length + 1);
    this.block.settleId(line);
    // A line that isn't blank completes no block, so nothing needs measuring here.
    this.parse(`${line.toString()}\n`);
    this.afterCr = chunk[end] === CR;
    return end + 1;
  }

  /** The fast way, for a chunk without CR that can't make the block too large. */
  private decodeLf(chunk: Buffer, start: number): void {
    const end = chunk[chunk.length - 1] === LF ? chunk.length : chunk.lastIndexOf(LF) + 1;
    if (end <= start) {
      this.hold(chunk, start, chunk.length);
      return;
    }
    const { lfBlocks, lineText } = this;
    const text = lineText.decode(chunk, start, end);
    const lines = lineText.isPlain ? text : chunk.toString('latin1', start, end);
    this.measuring = lfBlocks;
    lfBlocks.begin(lines, chunk, start, this.at);
    this.parse(text);
    lfBlocks.finish();
    if (text.length > SMALL_TEXT) this.detachLastEventId();
    if (end < chunk.length) this.hold(chunk, end, chunk.length);
  }

  /** The exact way, for anything. */
  private decodeCr(chunk: Buffer, start: number): void {
    this.crBlocks ??= new CrBlocks(this.block, this.lineText, this.maxEventSizeBytes, (text) =>
      this.parse(text),
    );
    const { crBlocks } = this;
    this.measuring = crBlocks;
    const unfinished = crBlocks.scan(chunk, start, this.at);
    if (crBlocks.tooLarge) throw this.tooLarge(unfinished);
    this.afterCr = crBlocks.endsInCr;
    if (chunk.length > SMALL_TEXT) this.detachLastEventId();
    if (unfinished < chunk.length) this.hold(chunk, unfinished, chunk.length);
  }

  /**
   * For each line that means nothing the parser makes an error, whose stack costs many times what the line does:
   * from the first such line of a stream on, it is parsed without stacks.
   */
  private parse(text: string): void {
    this.parser ??= EventParser.take(this);
    const limit = Error.stackTraceLimit;
    try {
      if (this.hasIgnoredLines) Error.stackTraceLimit = 0;
      this.parser.feed(text);
    } finally {
      if (this.hasIgnoredLines) Error.stackTraceLimit = limit;
    }
  }

  onIgnored(): void {
    this.hasIgnoredLines = true;
    Error.stackTraceLimit = 0;
  }

  onComment(text: string): void {
    this.sink.comment(text, this.at);
  }

  onRetry(ms: number): void {
    this.sink.retry(ms, this.at);
  }

  onEvent(message: EventSourceMessage): void {
    const { block, measuring } = this;
    const { data, id } = message;
    measuring.closeBlock(data);
    if (id !== undefined) block.lastEventId = id;
    this.sink.event(
      {
        event: message.event ?? 'message',
        data,
        id,
        lastEventId: block.lastEventId,
        bytes: measuring.closedBytes,
        reads: measuring.closedReads,
      },
      this.at,
    );
  }

  private hold(source: Uint8Array, start: number, end: number): void {
    this.checkLine(start - this.heldBytes, this.heldBytes + end - start);
    this.append(source, start, end);
  }

  private append(source: Uint8Array, start: number, end: number): void {
    this.held ??= new HeldLine();
    this.held.append(source, start, end);
  }

  /** Bytes of the line that has begun and not ended. */
  private get heldBytes(): number {
    return this.held?.length ?? 0;
  }

  private checkLine(start: number, sizeBytes: number): void {
    if (this.block.limitedBytes + sizeBytes > this.maxEventSizeBytes) throw this.tooLarge(start);
  }

  /** `line` is the offset, from the chunk's start, of the line that made the block too large. */
  private tooLarge(line: number): EventTooLargeError {
    return new EventTooLargeError(this.maxEventSizeBytes, this.position + line - this.block.limitedBytes);
  }

  /** A quiet stream keeps its last id for hours: it must not keep the whole text that the id was cut from. */
  private detachLastEventId(): void {
    const { block } = this;
    if (block.lastEventId.length >= SHORTEST_SLICED_STRING) {
      block.lastEventId = Buffer.from(block.lastEventId).toString();
    }
  }
}
