import { EncodedEvent } from './encoded-event.ts';
import { EventRing, type Positioned } from './event-ring.ts';
import type { PublishedEvent } from './hub.ts';
import type { MemoryFollower } from './memory-follower.ts';

/** An event in its place in the order of all that the hub was given. */
export class MemoryEvent extends EncodedEvent implements Positioned<number> {
  readonly position: number;
  /** Of its channel's memory of publishers' ids; undefined where the hub gave the id. */
  readonly ownId: string | undefined;

  constructor(published: PublishedEvent, position: number) {
    super(published, published.id ?? String(position));
    this.position = position;
    this.ownId = published.id === undefined ? undefined : comparableId(published.id);
  }

  get sizeBytes(): number {
    return this.frame.byteLength;
  }
}

/** As an id comes back: a header's value has no spaces around it. */
export function comparableId(id: string): string {
  return id.trim();
}

const inOrder = (one: number, other: number) => one - other;

/** What a channel remembers, and who gets what is published on it. */
export class MemoryChannel {
  readonly name: string;
  readonly ring: EventRing<number, MemoryEvent>;
  /** All who carry it; those who are behind take no part in what is live. */
  readonly followers = new Set<MemoryFollower>();
  /** Where publishers' own ids are, the latest of each; made for the first. */
  #ownIds: Map<string, number> | undefined;

  constructor(name: string, lostUpTo: number) {
    this.name = name;
    this.ring = new EventRing(lostUpTo, inOrder);
  }

  keep(event: MemoryEvent): void {
    this.ring.push(event);
    if (event.ownId === undefined) return;
    this.#ownIds ??= new Map();
    this.#ownIds.set(event.ownId, event.position);
  }

  /** Gives up its oldest event. */
  forgetOldest(): void {
    const event = this.ring.shift();
    if (event?.ownId !== undefined && this.#ownIds?.get(event.ownId) === event.position) {
      this.#ownIds.delete(event.ownId);
    }
  }

  positionOf(ownId: string): number | undefined {
    return this.#ownIds?.get(ownId);
  }
}
