import type { IdVerdict } from './id-sequence.ts';

/** One row of the list. */
export type Entry = EventEntry | CommentEntry | MarkEntry;

interface Row {
  /** Counts up over everything that was ever logged. */
  number: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface EventEntry extends Row {
  kind: 'event';
  /** Since the event before it, on the same opening. */
  gapMs: number | undefined;
  connection: number;
  name: string;
  /** Its own; undefined where the block had none. */
  id: string | undefined;
  /** What a browser reports with it. */
  lastEventId: string;
  data: string;
  /** Of the data as it came: more than `data` has where only its beginning was kept. */
  length: number;
  verdict: IdVerdict | undefined;
}

interface CommentEntry extends Row {
  kind: 'comment';
  text: string;
}

interface MarkEntry extends Row {
  kind: 'mark';
  tone: 'open' | 'lost' | 'closed';
  text: string;
}

export type NewEntry =
  | Omit<EventEntry, 'number' | 'length'>
  | Omit<CommentEntry, 'number'>
  | Omit<MarkEntry, 'number'>;

export const MAX_ENTRIES = 1_000;
/** Of all entries together, in UTF-16 units. */
export const MAX_LOG_LENGTH = 32 * 1024 * 1024;
/** Longer data is kept up to here. */
export const MAX_DATA_LENGTH = 1024 * 1024;

/** The newest of what came: at most {@link MAX_ENTRIES} and {@link MAX_LOG_LENGTH}. */
export class EventLog {
  /** Everything ever logged, dropped and cleared ones included. */
  total = 0;
  #entries: Entry[] = [];
  #length = 0;

  add(entry: NewEntry): void {
    this.total += 1;
    const kept = bounded(entry, this.total);
    this.#entries.push(kept);
    this.#length += lengthOf(kept);
    while (this.#entries.length > MAX_ENTRIES || this.#length > MAX_LOG_LENGTH) this.#drop();
  }

  /** Oldest first, those behind a number that are still kept. */
  since(number: number): readonly Entry[] {
    const newer = Math.min(this.total - number, this.#entries.length);
    return newer <= 0 ? [] : this.#entries.slice(-newer);
  }

  get size(): number {
    return this.#entries.length;
  }

  clear(): void {
    this.#entries = [];
    this.#length = 0;
  }

  #drop(): void {
    const dropped = this.#entries.shift();
    if (dropped !== undefined) this.#length -= lengthOf(dropped);
  }
}

/** Whether name, id or text has it, in any case; '' is in all. Marks are no one's match, and always shown. */
export function matches(entry: Entry, lowerCaseText: string): boolean {
  if (lowerCaseText === '' || entry.kind === 'mark') return true;
  const texts = entry.kind === 'comment' ? [entry.text] : [entry.name, entry.id ?? '', entry.data];
  return texts.some((text) => text.toLowerCase().includes(lowerCaseText));
}

function bounded(entry: NewEntry, number: number): Entry {
  if (entry.kind === 'mark') return { ...entry, number };
  if (entry.kind === 'comment') return { ...entry, number, text: entry.text.slice(0, MAX_DATA_LENGTH) };
  const [name, id] = [entry.name.slice(0, MAX_DATA_LENGTH), entry.id?.slice(0, MAX_DATA_LENGTH)];
  return {
    ...entry,
    number,
    name,
    id,
    length: entry.data.length,
    data: entry.data.slice(0, MAX_DATA_LENGTH),
  };
}

function lengthOf(entry: Entry): number {
  if (entry.kind !== 'event') return entry.text.length;
  return entry.data.length + entry.name.length + (entry.id?.length ?? 0);
}
