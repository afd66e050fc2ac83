import { EncodedEvent } from '../encoded-event.ts';
import type { Following, HubReader } from '../hub.ts';
import type { Audience } from './audience.ts';
import { OutOfReach } from './connection.ts';
import type { Entry } from './entry.ts';
import type { Place, Replay } from './replay.ts';
import { compareIds, wireId } from './stream-id.ts';

/** What a follower needs of its hub. */
export interface FollowerHub {
  readonly replay: Replay;
  /** One that has caught up with Redis waits for the tail: `poke` is due when that has moved. */
  await(follower: RedisFollower): void;
  left(follower: RedisFollower): void;
}

/** A stream that carries channels of a Redis hub: behind, and catching up at its own pace, or live. */
export class RedisFollower implements Following {
  readonly audience: Audience;
  readonly reader: HubReader;
  readonly #hub: FollowerHub;
  /** What it has had, by channel; undefined when it is live: then it has had what everyone has. */
  #positions: string[] | undefined;
  /** By channel, whether nothing behind the position may be missing. */
  #promised: boolean[] = [];
  #stopped = false;
  /** A page is on its way, or the reader has to take what it got. */
  #waiting = false;

  constructor(hub: FollowerHub, audience: Audience, reader: HubReader) {
    this.#hub = hub;
    this.audience = audience;
    this.reader = reader;
  }

  get live(): boolean {
    return this.#positions === undefined;
  }

  /** @param promised that it gets everything behind these positions, or is told that it can't */
  start(positions: readonly string[], promised: boolean): void {
    const { channels } = this.audience;
    if (channels.every(({ position }, index) => position === positions[index])) return;
    this.#positions = [...positions];
    for (const channel of channels) channel.beginCatchingUp();
    this.#promised = channels.map(() => promised);
    this.poke();
  }

  /** Goes on catching up, where nothing else is awaited. */
  poke(): void {
    const positions = this.#positions;
    while (positions !== undefined && !this.#stopped && !this.#waiting) {
      const { channels } = this.audience;
      const orders = channels.map(({ position }, index) => compareIds(positions[index] ?? '', position));
      if (orders.every((order) => order === 0)) {
        this.#endCatchingUp();
        return;
      }
      const behind = orders.flatMap((order, index) => (order < 0 ? [index] : []));
      if (behind.length === 0) {
        // Ahead of what is live, by what Redis had already: that comes here too.
        this.#hub.await(this);
        return;
      }
      if (this.reader.busy) {
        this.#waitForReader();
        return;
      }
      const beyond = behind.filter((index) => !channels[index]?.hasSince(positions[index] ?? ''));
      if (beyond.length > 0) void this.#fetch(positions, behind);
      else this.#takeRecent(positions, behind);
    }
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#endCatchingUp();
    this.#hub.left(this);
  }

  /** The oldest of what is kept here. */
  #takeRecent(positions: string[], behind: readonly number[]): void {
    const heads = behind.flatMap((index) => {
      const entry = this.audience.channels[index]?.next(positions[index] ?? '');
      return entry === undefined ? [] : [{ index, entry }];
    });
    const [first] = heads.sort((one, other) => compareIds(one.entry.id, other.entry.id));
    if (first !== undefined) this.#take(positions, first.index, first.entry);
  }

  /** A page of these channels from Redis, handed over in the order of their ids as long as the reader takes it. */
  async #fetch(positions: string[], behind: readonly number[]): Promise<void> {
    this.#waiting = true;
    try {
      const places = behind.map((index) => this.#place(positions, index));
      const page = await this.#hub.replay.page(places);
      this.#waiting = false;
      if (this.#stopped) return;
      if (page === 'lost') {
        this.#overrun();
        return;
      }
      for (const { index, entry } of page) {
        if (this.#stopped || this.reader.busy) break;
        this.#take(positions, index, entry);
      }
      // What was handed out live meanwhile has gone from Redis again.
      if (page.length === 0) for (const { index, tail } of places) positions[index] = tail;
    } catch (error) {
      this.#waiting = false;
      if (this.#stopped) return;
      // It is poked when Redis is back. What Redis refuses, it would refuse again: the client learns why when it asks.
      if (error instanceof OutOfReach) this.#hub.await(this);
      else this.#overrun();
      return;
    }
    this.poke();
  }

  #place(positions: string[], index: number): Place & { tail: string } {
    const { key = '', position: tail = '' } = this.audience.channels[index] ?? {};
    return { index, key, position: positions[index] ?? '', promised: this.#promised[index] ?? false, tail };
  }

  #take(positions: string[], index: number, entry: Entry): void {
    positions[index] = entry.id;
    this.#promised[index] = true;
    this.reader.take(new EncodedEvent(entry.event, wireId(positions)));
  }

  #waitForReader(): void {
    this.#waiting = true;
    this.reader.onceReady(() => {
      this.#waiting = false;
      this.poke();
    });
  }

  /** From now on it is live, or gone. */
  #endCatchingUp(): void {
    if (this.#positions === undefined) return;
    this.#positions = undefined;
    this.#promised = [];
    for (const channel of this.audience.channels) channel.endCatchingUp();
  }

  #overrun(): void {
    this.stop();
    this.reader.overrun();
  }
}
