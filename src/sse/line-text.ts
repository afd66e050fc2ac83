const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const STREAM = { stream: true };

/**
 * Decodes whole lines, invalid UTF-8 as U+FFFD (Encoding standard, section 4.1). No sequence of bytes spans a line
 * ending, so lines can be decoded on their own, and one `TextDecoder` serves all streams.
 */
export class LineText {
  /**
   * Whether the last lines were ASCII, or at least became as many code units as they had bytes. No sequence becomes
   * more code units than it has bytes, so where the sums are equal all offsets are.
   */
  isPlain = true;

  /**
   * `end` is just after a line ending.
   * `toString` is the faster decoder for ASCII, `TextDecoder` the one for the rest: the last lines tell which to try.
   */
  decode(bytes: Buffer, start: number, end: number): string {
    const lines = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
    const text = this.isPlain ? lines.toString() : UTF8.decode(lines, STREAM);
    this.isPlain = text.length === lines.length;
    return text;
  }
}
