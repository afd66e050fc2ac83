import type { Following, HubReader } from './hub.ts';
import type { MemoryChannel, MemoryEvent } from './memory-channel.ts';

/** A stream that carries channels of a memory hub: behind, and catching up at its own pace, or live. */
export class MemoryFollower implements Following {
  readonly reader: HubReader;
  readonly channels: readonly MemoryChannel[];
  /** What is published behind this position is handed over as it comes; infinite while it is behind. */
  liveSince = Number.POSITIVE_INFINITY;
  readonly #hub: FollowerHub;
  /** Ordinals of what comes next, by channel; undefined when it is live. */
  #next: number[] | undefined;
  #stopped = false;

  constructor(hub: FollowerHub, channels: readonly MemoryChannel[], reader: HubReader) {
    this.#hub = hub;
    this.channels = channels;
    this.reader = reader;
  }

  /**
   * @param behind the position to start from
   * @param strict something in between that has left the buffer is a loss
   */
  start(behind: number, strict: boolean): void {
    if (strict && this.channels.some(({ ring }) => ring.lostUpTo > behind)) {
      this.#overrun();
      return;
    }
    this.#next = this.channels.map(({ ring }) => ring.firstBehind(behind));
    this.#catchUp();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#hub.left(this);
  }

  /** Hands over what is kept until the reader is busy, or is live with the last of it. */
  #catchUp(): void {
    const next = this.#next;
    while (next !== undefined && !this.#stopped) {
      if (this.channels.some(({ ring }, index) => (next[index] ?? 0) < ring.first)) {
        this.#overrun();
        return;
      }
      const index = this.#oldestOf(next);
      if (index === undefined) {
        this.#goLive();
        return;
      }
      if (this.reader.busy) {
        this.reader.onceReady(() => this.#catchUp());
        return;
      }
      const event = this.#at(next, index);
      next[index] = (next[index] ?? 0) + 1;
      if (event !== undefined) this.reader.take(event);
    }
  }

  /** Which of the channels has the event that was published first. */
  #oldestOf(next: readonly number[]): number | undefined {
    let oldest: number | undefined;
    let position = Number.POSITIVE_INFINITY;
    for (let index = 0; index < next.length; index += 1) {
      const event = this.#at(next, index);
      if (event === undefined || event.position >= position) continue;
      oldest = index;
      position = event.position;
    }
    return oldest;
  }

  #at(next: readonly number[], index: number): MemoryEvent | undefined {
    return this.channels[index]?.ring.at(next[index] ?? 0);
  }

  #goLive(): void {
    this.#next = undefined;
    this.liveSince = this.#hub.position;
  }

  #overrun(): void {
    this.stop();
    this.reader.overrun();
  }
}

/** What a follower needs to know of its hub. */
export interface FollowerHub {
  /** Position of the latest event. */
  readonly position: number;
  left(follower: MemoryFollower): void;
}
