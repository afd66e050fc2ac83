import { type RedisConnection, RedisRefusal } from './connection.ts';
import { type Entry, parseEntries } from './entry.ts';
import { compareIds } from './stream-id.ts';
import { isComplete, NO_STREAM, parseStreamInfo, type StreamInfo } from './stream-info.ts';

/** Entries of a page, as long as nothing is known of their size; then as many as make so many bytes. */
const FIRST_PAGE = 16;
const LONGEST_PAGE = 256;
const PAGE_BYTES = 1024 ** 2;

/** Pages on their way at a time: each is held whole. */
const PAGES_AT_ONCE = 16;

/** Where a stream is in one of its channels. */
export interface Place {
  /** Which of its channels. */
  index: number;
  key: string;
  position: string;
  /** Nothing behind the position may be missing. */
  promised: boolean;
}

export interface PageEntry {
  /** Which of the channels. */
  index: number;
  entry: Entry;
}

/** Reads what Redis keeps, a page at a time. */
export class Replay {
  readonly #connection: RedisConnection;
  readonly #kept: number;
  #length = FIRST_PAGE;
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param kept how many entries of a channel are kept at least */
  constructor(connection: RedisConnection, kept: number) {
    this.#connection = connection;
    this.#kept = kept;
  }

  /**
   * What comes next of several channels, in the order of the ids: not necessarily all of it, but nothing only where
   * there is nothing.
   *
   * @returns `lost` where something is missing that was promised
   * @throws OutOfReach
   * @throws RedisRefusal
   */
  async page(places: readonly Place[]): Promise<PageEntry[] | 'lost'> {
    await this.#turn();
    try {
      const length = this.#length;
      const lists = await Promise.all(places.map((place) => this.#read(place, length)));
      const whole = lists.flatMap((list) => (list === 'lost' ? [] : [list]));
      return whole.length < lists.length ? 'lost' : merged(whole, length);
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
    }
  }

  async info(key: string): Promise<StreamInfo> {
    try {
      return parseStreamInfo(await this.#connection.call('XINFO', 'STREAM', key));
    } catch (error) {
      if (error instanceof RedisRefusal && /no such key/i.test(error.message)) return NO_STREAM;
      throw error;
    }
  }

  async has(key: string, id: string): Promise<boolean> {
    return parseEntries(await this.#connection.call('XRANGE', key, id, id)).length > 0;
  }

  /** The position's own entry comes along: where it is there, nothing behind it has gone. */
  async #read({ index, key, position, promised }: Place, length: number): Promise<PageEntry[] | 'lost'> {
    const reply = await this.#connection.call('XRANGE', key, position, '+', 'COUNT', length + 1);
    const entries = parseEntries(reply);
    this.#learn(entries);
    const isThere = entries[0]?.id === position;
    if (!isThere && promised && !isComplete(position, await this.info(key), this.#kept)) return 'lost';
    return entries.slice(isThere ? 1 : 0, isThere ? length + 1 : length).map((entry) => ({ index, entry }));
  }

  #learn(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const bytes = entries.reduce((sum, { event }) => sum + event.data.length, 0);
    const fitting = Math.floor(PAGE_BYTES / Math.max(1, bytes / entries.length));
    this.#length = Math.max(1, Math.min(LONGEST_PAGE, fitting));
  }

  async #turn(): Promise<void> {
    if (this.#underWay >= PAGES_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay += 1;
  }
}

/** Up to where every list is known: one that is full may go on with what comes before the next of another. */
function merged(lists: readonly PageEntry[][], length: number): PageEntry[] {
  const ends = lists.flatMap((list) => (list.length < length ? [] : [list.at(-1)?.entry.id ?? '']));
  const [horizon] = ends.sort(compareIds);
  return lists
    .flat()
    .filter(({ entry }) => horizon === undefined || compareIds(entry.id, horizon) <= 0)
    .sort((one, other) => compareIds(one.entry.id, other.entry.id) || one.index - other.index);
}
