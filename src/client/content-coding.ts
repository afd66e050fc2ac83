import type { Transform } from 'node:stream';
import { SseKitError } from './errors.ts';

/** Codings that this Node can decode, for `Accept-Encoding`. */
export const DECODABLE_CODINGS: readonly string[] = ['gzip', 'deflate', 'br'];

export interface BodyDecoder {
  /** Hands over bytes of one socket read; decoded bytes come to the sink, in order, with the read's own time. */
  write(bytes: Uint8Array, at: number): void;
  /** The body has ended; `done` is called when all decoded bytes were handed over. */
  end(done: (end: CodingEnd) => void): void;
  /** Calls back, at once where it is so already, when all that was written has been decoded and handed over. */
  whenIdle(done: () => void): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** Whether the coded data was whole; always so where there is no coding. */
interface CodingEnd {
  complete: boolean;
}

export interface BodySink {
  body(bytes: Uint8Array, at: number): void;
  codingFailed(error: SseKitError): void;
  /** Coded bytes that wait to be decoded passed the limit, or fell below it again. */
  backlog(full: boolean): void;
}

/** Coded bytes that may wait before the socket is paused: two reads' worth. */
const MAX_BACKLOG_BYTES = 128 * 1024;

/** The codings named by `Content-Encoding`, outermost last, without `identity`. */
export function parseContentEncoding(header: string): string[] {
  return header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/**
 * Decodes gzip, deflate (zlib or raw) and br as bytes arrive: each write is flushed through, so an event is
 * handed over as soon as its bytes are there, not when a block is full.
 *
 * @throws SseKitError `BAD_ENCODING` (exit 8) for a coding that can't be decoded
 */
export function createBodyDecoder(codings: readonly string[], sink: BodySink): BodyDecoder {
  const [coding] = codings;
  if (codings.length > 1 || coding === undefined || !DECODABLE_CODINGS.includes(normalised(coding))) {
    throw new SseKitError('BAD_ENCODING', 8, `the body is encoded as "${codings.join(', ')}"`, {
      hint: `what can be decoded: ${DECODABLE_CODINGS.join(', ')}; send no Accept-Encoding, or --compressed`,
    });
  }
  return new StreamingBodyDecoder(normalised(coding), sink);
}

function normalised(coding: string): string {
  return coding === 'x-gzip' ? 'gzip' : coding;
}

class StreamingBodyDecoder implements BodyDecoder {
  private transform: Transform | undefined;
  /** Times of the writes that are still being decoded, oldest first: output belongs to the first. */
  private readonly times: number[] = [];
  private lastAt = 0;
  /** Decoded pieces that were not handed over yet: a pause holds them back. */
  private readonly pieces: { size: number; at: number }[] = [];
  private head: Uint8Array = new Uint8Array(0);
  private backlogBytes = 0;
  private full = false;
  private failed = false;
  private finished = false;
  private paused = false;
  private onEnd: ((end: CodingEnd) => void) | undefined;
  private onIdle: (() => void) | undefined;
  private readonly coding: string;
  private readonly sink: BodySink;

  constructor(coding: string, sink: BodySink) {
    this.coding = coding;
    this.sink = sink;
  }

  write(bytes: Uint8Array, at: number): void {
    if (this.failed || this.finished) return;
    // They are the transport's, and zlib comes to them later.
    let input = Buffer.from(bytes);
    if (this.transform === undefined) {
      // Two bytes tell zlib data from raw deflate, which servers send under the same name.
      input = Buffer.concat([this.head, input]);
      if (this.coding === 'deflate' && input.length < 2) {
        this.head = input;
        return;
      }
      this.transform = this.start(input);
    }
    this.times.push(at);
    this.lastAt = at;
    this.backlogBytes += input.length;
    this.transform.write(input, () => this.decoded(input.length));
    this.reportBacklog();
  }

  end(done: (end: CodingEnd) => void): void {
    if (this.finished || this.transform === undefined) {
      // A body without a byte has no coded data that could be incomplete.
      done({ complete: this.finished || this.head.length === 0 });
      return;
    }
    this.onEnd = done;
    this.endWhenDecoded();
  }

  /** zlib throws away what it has of a write that turns out to be the last and lacks the end mark. */
  private endWhenDecoded(): void {
    if (this.onEnd !== undefined && this.times.length === 0) this.transform?.end();
  }

  whenIdle(done: () => void): void {
    this.onIdle = done;
    this.reportIdle();
  }

  private reportIdle(): void {
    if (this.times.length > 0 || this.pieces.length > 0) return;
    const done = this.onIdle;
    this.onIdle = undefined;
    done?.();
  }

  pause(): void {
    this.paused = true;
    this.transform?.pause();
  }

  resume(): void {
    this.paused = false;
    this.transform?.resume();
  }

  destroy(): void {
    this.failed = true;
    this.transform?.destroy();
  }

  private start(firstBytes: Uint8Array): Transform {
    const transform = this.open(firstBytes);
    const push = transform.push.bind(transform);
    transform.push = (piece: Buffer | null) => {
      if (piece !== null) this.pieces.push({ size: piece.length, at: this.times[0] ?? this.lastAt });
      return push(piece);
    };
    transform.on('data', (bytes: Buffer) => this.handOver(bytes));
    transform.on('end', () => this.settle(true));
    transform.on('error', (error: NodeJS.ErrnoException) => this.onError(error));
    if (this.paused) transform.pause();
    return transform;
  }

  private open(firstBytes: Uint8Array): Transform {
    // Not imported: loading it takes 3 ms of every start, and few streams are compressed.
    const zlib = process.getBuiltinModule('node:zlib');
    const { constants } = zlib;
    if (this.coding === 'br') {
      return zlib.createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    }
    const options = { flush: constants.Z_SYNC_FLUSH };
    if (this.coding === 'gzip') return zlib.createGunzip(options);
    return isZlibHeader(firstBytes) ? zlib.createInflate(options) : zlib.createInflateRaw(options);
  }

  private handOver(bytes: Buffer): void {
    const at = this.pieces.shift()?.at ?? this.lastAt;
    if (!this.failed) this.sink.body(bytes, at);
    this.reportIdle();
  }

  private decoded(bytes: number): void {
    this.times.shift();
    this.backlogBytes -= bytes;
    this.reportBacklog();
    this.endWhenDecoded();
    this.reportIdle();
  }

  private reportBacklog(): void {
    const full = this.backlogBytes > MAX_BACKLOG_BYTES;
    if (full === this.full) return;
    this.full = full;
    this.sink.backlog(full);
  }

  private onError(error: NodeJS.ErrnoException): void {
    if (this.failed) return;
    // What was decoded before is good, although a pause held it back.
    for (const { size } of [...this.pieces]) {
      const bytes: Buffer | null = this.transform?.read(size) ?? null;
      if (bytes !== null) this.handOver(bytes);
    }
    // zlib and brotli say so when the input ends before their own end mark.
    const unfinished = error.code === 'Z_BUF_ERROR' || error.code === 'ERR_BUFFER_OUT_OF_RANGE';
    if (this.onEnd !== undefined && unfinished) return this.settle(false);
    this.failed = true;
    this.sink.codingFailed(
      new SseKitError('BAD_ENCODING', 8, `the ${this.coding} data is damaged: ${error.message}`, {
        hint: 'does the server, or a proxy, announce a Content-Encoding that it does not use?',
        cause: error,
      }),
    );
    this.settle(false);
  }

  private settle(complete: boolean): void {
    this.finished = true;
    const done = this.onEnd;
    this.onEnd = undefined;
    done?.({ complete });
  }
}

/** RFC 1950 §2.2: compression method 8, and the first two bytes are a multiple of 31. */
function isZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
