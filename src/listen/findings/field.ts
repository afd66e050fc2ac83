import type { StreamLine } from '../../sse/line-scanner.ts';

export const FIELDS = ['data', 'id', 'event', 'retry'] as const;

type FieldName = (typeof FIELDS)[number];

const NAMES: readonly (readonly [name: FieldName, bytes: Buffer])[] = FIELDS.map((name) => [
  name,
  Buffer.from(name),
]);

const COLON = 0x3a;
const SPACE = 0x20;
const MARK_BYTES = 3;

/** Bytes of a name that is none of the four: enough to say what it is. */
const LONGEST_NAME = 256;

/** A line of an event stream as the HTML standard, section 9.2.6, reads it. */
export interface Field {
  /** The name where it is one that means something. */
  known: FieldName | undefined;
  /** Empty: the line is a comment. Cut where it is long and unknown. */
  name: string;
  /** Without the one space that may follow the colon; absent where there is no colon. */
  value: Buffer | undefined;
  /** Of the name's first byte in the body. */
  offset: number;
  /** Of the value's first byte in the body; behind the line where there is none. */
  valueOffset: number;
}

/** @returns `undefined` for a blank line */
export function fieldOf({ bytes, offset, afterMark }: StreamLine): Field | undefined {
  if (bytes.length === 0) return undefined;
  const start = afterMark ? offset + MARK_BYTES : offset;
  const colon = bytes.indexOf(COLON);
  const nameEnd = colon === -1 ? bytes.length : colon;
  const known = knownName(bytes, nameEnd);
  const name = known ?? bytes.toString('utf8', 0, Math.min(nameEnd, LONGEST_NAME));
  if (colon === -1)
    return { known, name, value: undefined, offset: start, valueOffset: start + bytes.length };
  const valueStart = colon + (bytes[colon + 1] === SPACE ? 2 : 1);
  const value = bytes.subarray(valueStart);
  return { known, name, value, offset: start, valueOffset: start + valueStart };
}

/** Compared as bytes: most lines are looked at for nothing else. */
function knownName(bytes: Buffer, length: number): FieldName | undefined {
  for (const [name, expected] of NAMES) {
    if (expected.length === length && expected.compare(bytes, 0, length) === 0) return name;
  }
  return undefined;
}
