import type { WireBlock, WireCut, WireLine } from '../listen/wire/wire-block.ts';
import { escapeInline } from './escape.ts';

/** A stretch of a line between two places where a read or chunk begins. */
export interface WirePiece {
  kind: 'piece';
  line: WireLine;
  offset: number;
  sizeBytes: number;
  /** Escaped; bytes of a character that was cut in two as `\xe2`. */
  text: string;
  /** Its part of the line ending, visible: ␍␊. */
  end: string;
  /** Bytes of the line are missing between text and ending: it is too long to be kept. */
  elided: boolean;
  /** The line ends with it. */
  isLast: boolean;
}

export type WireEntry = WirePiece | { kind: 'cut'; cut: WireCut };

const ENDINGS = { lf: '␊', cr: '␍', crlf: '␍␊' } as const;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The lines of a block, cut where reads and chunks begin, with those places between them. */
export function* entriesOf({ lines, cuts }: WireBlock): Generator<WireEntry, void, undefined> {
  let next = 0;
  for (const line of lines) {
    const end = line.offset + line.sizeBytes;
    let from = line.offset;
    for (let cut = cuts[next]; cut !== undefined && cut.offset < end; cut = cuts[next]) {
      if (cut.offset > from) yield pieceOf(line, from, cut.offset);
      yield { kind: 'cut', cut };
      from = cut.offset;
      next++;
    }
    yield pieceOf(line, from, end);
  }
}

/** @param from and `to` are offsets in the body */
function pieceOf(line: WireLine, from: number, to: number): WirePiece {
  const { offset, bytes, sizeBytes, whole, end, afterMark } = line;
  const ending = end === undefined ? '' : ENDINGS[end];
  const mark = afterMark ? BYTE_ORDER_MARK.length : 0;
  const [first, last] = [from - offset, to - offset];
  const endingAt = sizeBytes - ending.length;
  const keptTo = mark + bytes.length;
  const text =
    (first < mark ? hex(BYTE_ORDER_MARK.subarray(first, last)) : '') +
    stretchText(bytes, Math.max(0, first - mark), Math.min(bytes.length, last - mark));
  return {
    kind: 'piece',
    line,
    offset: from,
    sizeBytes: to - from,
    text,
    end: ending.slice(Math.max(0, first - endingAt), Math.max(0, last - endingAt)),
    elided: !whole && last > keptTo && first < endingAt,
    isLast: last === sizeBytes,
  };
}

function stretchText(bytes: Buffer, from: number, to: number): string {
  if (from >= to) return '';
  const begin = Math.min(to, characterEnd(bytes, from) ?? from);
  const end = Math.max(begin, to < bytes.length ? (characterStart(bytes, to) ?? to) : to);
  return (
    hex(bytes.subarray(from, begin)) +
    escapeInline(bytes.toString('utf8', begin, end)) +
    hex(bytes.subarray(end, to))
  );
}

/** Where the character begins that `place` lies inside of. */
function characterStart(bytes: Buffer, place: number): number | undefined {
  for (let start = place - 1; start >= Math.max(0, place - 3); start--) {
    const length = sequenceLength(bytes[start] as number);
    if (length === 0) continue;
    return start + length > place && isSequence(bytes, start, length) ? start : undefined;
  }
  return undefined;
}

function characterEnd(bytes: Buffer, place: number): number | undefined {
  const start = characterStart(bytes, place);
  return start === undefined ? undefined : start + sequenceLength(bytes[start] as number);
}

/** Bytes of the UTF-8 sequence that this byte begins; 0 for one that continues a sequence. */
function sequenceLength(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

function isSequence(bytes: Buffer, start: number, length: number): boolean {
  for (let at = start + 1; at < start + length; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

function hex(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) text += `\\x${byte.toString(16).padStart(2, '0')}`;
  return text;
}
