import type { WireBlock, WireLine } from '../../src/listen/wire/wire-block.ts';

/** A field line at offset 100, whole, ended by LF. */
export function aLine(text: string | Buffer, changes: Partial<WireLine> = {}): WireLine {
  const bytes = Buffer.from(text);
  return {
    offset: 100,
    bytes,
    sizeBytes: bytes.length + 1,
    whole: true,
    end: 'lf',
    afterMark: false,
    kind: 'field',
    invalidUtf8: false,
    ...changes,
  };
}

/** `data: x` and a blank line, at offset 100, in one read. */
export function aBlock(changes: Partial<WireBlock> = {}): WireBlock {
  const lines = changes.lines ?? [aLine('data: x'), aLine('', { offset: 108, kind: 'blank' })];
  return {
    offset: 100,
    sizeBytes: 9,
    lines,
    lineCount: lines.length,
    ends: 'lf',
    reads: { first: 1, count: 1 },
    cuts: [],
    cutCount: 0,
    effect: {},
    unfinished: false,
    ...changes,
  };
}

/** A block of these lines, one behind the other. */
export function aBlockOf(lines: readonly WireLine[], changes: Partial<WireBlock> = {}): WireBlock {
  let offset = 100;
  const placed = lines.map((line) => {
    const here = { ...line, offset };
    offset += line.sizeBytes;
    return here;
  });
  return aBlock({ lines: placed, sizeBytes: offset - 100, ...changes });
}
