import { EventRing, type Positioned } from '../event-ring.ts';
import type { PublishedEvent } from '../hub.ts';
import type { Audience } from './audience.ts';
import { type Entry, keyOf } from './entry.ts';
import { RelayedEvent } from './relayed-event.ts';
import { compareIds } from './stream-id.ts';

/** What is live is kept for those who are about to catch up with it: so many entries, and bytes, at most. */
const MOST_RECENT = 512;
const MOST_RECENT_BYTES = 16 * 1024 ** 2;

interface RecentEntry extends Entry, Positioned<string> {}

/** A channel that streams of this server carry, as far as its entries have been read. */
export class TailedChannel {
  readonly name: string;
  readonly key: string;
  /** Id of the last entry that was handed out live. */
  position: string;
  readonly audiences = new Set<Audience>();
  /** Its key holds something else than a stream. */
  broken = false;
  #catchingUp = 0;
  #recent: EventRing<string, RecentEntry> | undefined;

  constructor(name: string, position: string) {
    this.name = name;
    this.key = keyOf(name);
    this.position = position;
  }

  /** One that is new, in the order of the stream. */
  advance(entry: Entry): void {
    this.position = entry.id;
    const recent = this.#recent;
    if (recent !== undefined) {
      recent.push({ ...entry, position: entry.id, sizeBytes: Buffer.byteLength(entry.event.data) });
      while (recent.length > MOST_RECENT || recent.sizeBytes > MOST_RECENT_BYTES) recent.shift();
    }
    for (const audience of this.audiences) audience.handOut(entry);
  }

  /** An event beside the stream. */
  relay(published: PublishedEvent): void {
    const event = new RelayedEvent(published);
    for (const audience of this.audiences) audience.relay(event);
  }

  /** Someone catches up: what is live from now on is kept. */
  beginCatchingUp(): void {
    this.#catchingUp += 1;
    this.#recent ??= new EventRing(this.position, compareIds);
  }

  endCatchingUp(): void {
    this.#catchingUp -= 1;
    if (this.#catchingUp === 0) this.#recent = undefined;
  }

  /** Whether all that is live behind a position is still here. */
  hasSince(position: string): boolean {
    return this.#recent !== undefined && compareIds(this.#recent.lostUpTo, position) <= 0;
  }

  next(position: string): Entry | undefined {
    return this.#recent?.at(this.#recent.firstBehind(position));
  }
}
