import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { Frame } from './frame.ts';
import type { Wire } from './wire.ts';

export interface Compression {
  encoding: 'gzip' | 'br';
  /** Whether what was written can be read behind each write, or comes when the compressor's buffers are full. */
  flushing: 'each write' | 'never';
}

/** A body that is compressed on its way to another wire (RFC 9110 §8.4.1). */
export class CompressedWire implements Wire {
  onClose: (() => void) | undefined;
  /** Before compression. */
  sentBytes = 0;
  readonly #inner: Wire;
  readonly #compressor: ReturnType<typeof createGzip | typeof createBrotliCompress>;
  readonly #flushing: Compression['flushing'];
  readonly #flushKind: number;
  /** Bytes that the compressor has yet to take. */
  #waitingBytes = 0;
  /** Waits until it has taken all. */
  #taken: (() => void)[] = [];
  /** We have ended the body, one way or the other. */
  #over = false;

  constructor(inner: Wire, { encoding, flushing }: Compression) {
    this.#inner = inner;
    this.#flushing = flushing;
    this.#flushKind = encoding === 'gzip' ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_FLUSH;
    this.#compressor = encoding === 'gzip' ? createGzip() : createBrotliCompress(FAST_BROTLI);
    this.#compressor.on('data', (bytes: Buffer) => inner.write(new Frame(bytes)));
    inner.onClose = () => {
      this.#compressor.destroy();
      this.onClose?.();
    };
  }

  get closed(): boolean {
    return this.#inner.closed;
  }

  get heldBytes(): number {
    return this.#waitingBytes + this.#inner.heldBytes;
  }

  write(frame: Frame): void {
    const { byteLength } = frame;
    if (this.closed || this.#over || byteLength === 0) return;
    this.sentBytes += byteLength;
    this.#waitingBytes += byteLength;
    const taken = () => {
      this.#waitingBytes -= byteLength;
      if (this.#waitingBytes === 0) for (const callback of this.#taken.splice(0)) callback();
    };
    this.#compressor.write(frame.bytes, this.#flushing === 'never' ? taken : undefined);
    if (this.#flushing === 'each write') this.#flush(taken);
  }

  onceDrained(callback: () => void): void {
    if (this.closed) return;
    const whenTaken = () => this.#inner.onceDrained(callback);
    if (this.#waitingBytes === 0) whenTaken();
    else this.#taken.push(whenTaken);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#compressor.once('end', () => this.#inner.end()).end();
  }

  /** What was written is there, the mark at the end of the compressed data isn't. */
  cut(): void {
    if (this.#over) return;
    this.#over = true;
    this.#flush(() => this.#inner.cut());
  }

  reset(): void {
    this.#over = true;
    this.#inner.reset();
  }

  #flush(callback: () => void): void {
    this.#compressor.flush(this.#flushKind, callback);
  }
}

/** Its default, 11, is for files that are compressed once. */
const FAST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
