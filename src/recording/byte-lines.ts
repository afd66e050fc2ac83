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
  /** What a longer line is: an error to end with, or something to leave out. */
  tooLong(number: number): Error | 'leave out';
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
  let length = 0;
  let leftOut = false;
  /** Takes the next part of the line, unless the line has become too long. */
  const add = (part: Buffer) => {
    length += part.length;
    if (leftOut) return;
    if (length <= limits.maxBytes) {
      if (part.length > 0) parts.push(part);
      return;
    }
    const error = limits.tooLong(number);
    if (error !== 'leave out') throw error;
    leftOut = true;
    parts = [];
  };
  for await (const block of source) {
    let from = 0;
    for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, from)) {
      add(block.subarray(from, end));
      if (!leftOut) yield { bytes: joined(parts), number, offset, whole: true };
      from = end + 1;
      number += 1;
      offset += length + 1;
      parts = [];
      length = 0;
      leftOut = false;
    }
    if (from < block.length) add(block.subarray(from));
  }
  if (length > 0 && !leftOut) yield { bytes: joined(parts), number, offset, whole: false };
}

function joined(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}
