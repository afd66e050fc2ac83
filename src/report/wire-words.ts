import type { LineKind, NumberSpan, WireBlock, WireCut, WireLine } from '../listen/wire/wire-block.ts';
import { formatDelta, formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import { counted } from './quantity.ts';

/** Characters of an id in a sentence. */
const LONGEST_ID = 200;

const ENDS = { lf: 'LF', cr: 'CR', crlf: 'CRLF', mixed: 'mixed line endings', none: '' } as const;

/** `48 bytes · 3 reads 1–3 · 2 chunks 1–2 · CRLF`; numbers are those in the connection. */
export function blockSize({ sizeBytes, reads, chunks, readChunks, ends }: WireBlock): string {
  return [
    counted(sizeBytes, 'byte'),
    spanText(reads, 'read'),
    chunks === undefined ? '' : spanText(chunks, 'chunk'),
    readChunks === undefined ? '' : `brought by ${spanText(readChunks, 'chunk')}`,
    ENDS[ends],
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function spanText({ first, count }: NumberSpan, noun: string): string {
  return count === 1 ? `${noun} ${first}` : `${counted(count, noun)} ${first}–${first + count - 1}`;
}

/** `read 2 +5 ms · chunk 2`. */
export function cutText({ read, chunk }: WireCut): string {
  const parts = [
    read === undefined ? '' : `read ${read.number} ${formatDelta(read.sinceMs)}`,
    chunk === undefined ? '' : `chunk ${chunk}`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What becomes of a block that makes no event. */
export function blockVerdict(block: WireBlock): string {
  const { effect, lines, lineCount, sizeBytes } = block;
  const comments = lines.filter(({ kind }) => kind === 'comment').length;
  const others = lines.some(({ kind }) => kind !== 'comment' && kind !== 'blank');
  const effects = [
    effect.id === undefined ? '' : `sets the last event id to ${idText(effect.id)}`,
    effect.retryMs === undefined ? '' : `sets the wait to ${formatDuration(effect.retryMs)}`,
  ].filter((text) => text !== '');
  if (block.unfinished) {
    const rest = `${counted(sizeBytes, 'byte')} after the last blank line: `;
    return rest + [others ? 'discarded' : commentText(comments), ...effects].join(', but ');
  }
  const why = lineCount === 1 ? 'a blank line' : others ? 'no data' : commentText(comments);
  return [...effects, `${why}: nothing is dispatched`].join('; ');
}

function commentText(comments: number): string {
  return comments === 1 ? 'a comment' : 'comments';
}

function idText(id: string): string {
  if (id === '') return 'nothing';
  return escapeInline(id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}…` : id);
}

const KINDS: Readonly<Record<LineKind, string>> = {
  field: '',
  comment: '',
  blank: '',
  'unknown-field': 'unknown field: ignored',
  'ignored-retry': 'not a whole number: ignored',
  'ignored-id': 'holds U+0000: ignored',
};

/** What there is to know of a line that its text does not show. */
export function lineNote({ kind, afterMark, invalidUtf8 }: WireLine): string {
  return [
    afterMark ? 'begins with a byte order mark' : '',
    KINDS[kind],
    invalidUtf8 ? 'not UTF-8: read as U+FFFD' : '',
  ]
    .filter((note) => note !== '')
    .join(', ');
}
