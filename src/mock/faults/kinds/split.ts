import { parseCount } from '../../../notation/count.ts';
import { InvalidValue, quoted } from '../../../notation/invalid-value.ts';
import { type Cutter, isContinuation } from '../block.ts';
import type { FaultKind } from '../kind.ts';
import { LINE_ENDS_GROUP } from './line-ends.ts';

const CR = 0x0d;
const LF = 0x0a;

/** A number is that of `bytes:N`. */
export const split: FaultKind<'utf8' | 'crlf' | number> = {
  name: 'split',
  meaning: 'sent in parts, each a write of its own: inside a character, between CR and LF, every N bytes',
  scope: 'event',
  withoutWhen: 'everything',
  value: { label: 'utf8|crlf|bytes:N', example: 'utf8', parse: parseParts },
  // Parts of one kind and parts of another go together.
  group: (parts) => (parts === 'crlf' ? LINE_ENDS_GROUP : `split=${parts}`),
  lineEnd: (parts) => (parts === 'crlf' ? 'crlf' : undefined),
  change(block, parts) {
    if (parts === 'crlf') block.endLinesWith('crlf');
    block.cutters.push(parts === 'crlf' ? betweenCrLf : parts === 'utf8' ? insideCharacter : every(parts));
  },
};

function parseParts(text: string): 'utf8' | 'crlf' | number {
  if (text === 'utf8' || text === 'crlf') return text;
  const bytes = /^bytes:(.*)$/.exec(text)?.[1];
  if (bytes === undefined) {
    throw new InvalidValue(
      `${quoted(text)} is no place to split at`,
      'Write utf8, crlf, or bytes:N for parts of N bytes.',
    );
  }
  return parseCount(bytes, 1);
}

/** Between the bytes of the first character that has several: a decoder meets each way to be unfinished. */
const insideCharacter: Cutter = (bytes) => {
  let first = 0;
  // A loop, as a call for each byte of many megabytes takes long.
  while (first < bytes.length && !isContinuation(bytes[first])) first += 1;
  if (first === bytes.length) return [];
  const offsets = [first];
  while (isContinuation(bytes[(offsets.at(-1) ?? first) + 1])) offsets.push((offsets.at(-1) ?? first) + 1);
  return offsets;
};

const betweenCrLf: Cutter = (bytes, most) => {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(CR); at >= 0 && offsets.length < most; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] === LF) offsets.push(at + 1);
  }
  return offsets;
};

function every(size: number): Cutter {
  return (bytes, most) =>
    Array.from(
      { length: Math.min(Math.floor((bytes.length - 1) / size), most) },
      (_, index) => (index + 1) * size,
    );
}
