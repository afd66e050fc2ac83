/** A line of a file, without its line ending. */
export interface ByteLine {
  bytes: Buffer;
  /** From 1. */
  number: number;
  /** Of its first byte in the file. */
  offset: number;
  /** False for a last line without a line ending, which may have been cut off. */
  whole: boolean;
}

export interface LineLimits {
  maxBytes: number;
  /** Throws what a line that is longer should be told as. */
  tooLong(number: number): Error;
}

const LF = 0x0a;

/**
 * Cuts bytes into lines that end in LF. Memory is bounded by the longest line that is allowed, whatever comes.
 *
 * @param start where in the file the bytes begin
 */
export async function* byteLines(
  source: AsyncIterable<Buffer>,
  limits: LineLimits,
  start: { offset: number; line: number } = { offset: 0, line: 1 },
): AsyncGenerator<ByteLine, void, undefined> {
  let { offset, line: number } = start;
  let parts: Buffer[] = [];
  let held = 0;
  for await (const block of source) {
    let from = 0;
    for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, from)) {
      const piece = block.subarray(from, end);
      const length = held + piece.length;
      if (length > limits.maxBytes) throw limits.tooLong(number);
      const bytes = held === 0 ? piece : Buffer.concat([...parts, piece]);
      yield { bytes, number, offset, whole: true };
      parts = [];
      held = 0;
      from = end + 1;
      number += 1;
      offset += length + 1;
    }
    if (from === block.length) continue;
    parts.push(block.subarray(from));
    held += block.length - from;
    if (held > limits.maxBytes) throw limits.tooLong(number);
  }
  if (held > 0) yield { bytes: Buffer.concat(parts), number, offset, whole: false };
}
