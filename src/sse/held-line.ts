const SMALLEST_CAPACITY = 256;

/**
 * The line that has begun and not ended yet, as raw bytes, so that a UTF-8 sequence may be split anywhere.
 * Capacity doubles, which keeps a huge line in small chunks linear; it is released with the line, because
 * thousands of idle streams must not each keep the buffer of their longest line.
 */
export class HeldLine {
  length = 0;
  private bytes: Buffer | undefined;

  append(source: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (this.bytes === undefined || this.bytes.length < needed) {
      // Not from Buffer's shared pool: a slice would keep the whole pool alive while the stream is quiet.
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, SMALLEST_CAPACITY, this.length * 2));
      if (this.bytes !== undefined) this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    this.bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
  }

  /** What there is of it. */
  get line(): Buffer {
    return (this.bytes ?? Buffer.alloc(0)).subarray(0, this.length);
  }
}
