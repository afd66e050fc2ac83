import { BEGINNING, compareIds } from './stream-id.ts';

/** What `XINFO STREAM` says of a key. */
export interface StreamInfo {
  length: number;
  /** Of the newest entry that there ever was. */
  last: string;
  /** Of the oldest that is kept. */
  first: string | undefined;
  /** How many there ever were; Redis tells since 7.0. */
  added: number | undefined;
}

/** A key that isn't there. */
export const NO_STREAM: StreamInfo = { length: 0, last: BEGINNING, first: undefined, added: 0 };

/** @param reply field, value, field, value … */
export function parseStreamInfo(reply: unknown): StreamInfo {
  const list = Array.isArray(reply) ? reply : [];
  const field = (name: string): unknown => {
    const index = list.indexOf(name);
    return index < 0 ? undefined : list[index + 1];
  };
  const added = field('entries-added');
  const first = field('first-entry');
  return {
    length: Number(field('length') ?? 0),
    last: String(field('last-generated-id') ?? BEGINNING),
    first: Array.isArray(first) ? String(first[0]) : undefined,
    added: added === undefined ? undefined : Number(added),
  };
}

/**
 * Whether a client that has everything up to a position, and gets everything that is kept behind it, has missed
 * nothing. Entries that someone deleted one by one from the middle are not missed.
 *
 * @param kept how many entries are kept at least
 */
export function isComplete(position: string, info: StreamInfo, kept: number): boolean {
  // Never given out by this stream: it was another one, or it has been emptied and begun anew.
  if (compareIds(position, info.last) > 0) return false;
  if (info.first !== undefined && compareIds(position, info.first) >= 0) return true;
  if (position === BEGINNING) return nothingRemoved(info, kept);
  // Behind the position nothing was ever added, or what was has gone with it.
  return info.length === 0 && position === info.last;
}

function nothingRemoved({ length, added, last }: StreamInfo, kept: number): boolean {
  if (added !== undefined) return added === length;
  return length === 0 ? last === BEGINNING : length < kept;
}
