import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisConnection, RedisRefusal } from './connection.ts';
import { parseEntries } from './entry.ts';
import { compareIds } from './stream-id.ts';
import type { TailedChannel } from './tailed-channel.ts';

/** A read that finds nothing waits so long in Redis, and is then sent anew. */
const BLOCK_MS = 5_000;

/** The same where it can't be woken for a channel that is added. */
const BLOCK_UNWAKEABLE_MS = 100;

/** One that hasn't come back so much later is lost. */
const LATE_MS = 5_000;

/** Entries of a channel that are read at once. */
const READ_AT_ONCE = 64;

/** Between attempts to read what Redis refuses. */
const REFUSED_MS = 1_000;

/** Between attempts to wake a read that has not begun to wait yet. */
const WAKE_MS = 2;

/** The more channels a read has, the more it costs to send it anew: then one wakes it for all that join meanwhile. */
const CHANNELS_PER_MS = 200;
const LONGEST_GATHERING_MS = 50;

export interface TailOptions {
  /** For this alone: reads block it. */
  connection: RedisConnection;
  /** To wake a read that waits. */
  commands: RedisConnection;
  /** Everything of one read has been handed out, or there was nothing. */
  onRead(): void;
  warn(message: string): void;
}

/** Reads what is new on all the channels that are carried, with one command that waits for any of them. */
export class Tail {
  readonly channels = new Map<string, TailedChannel>();
  readonly #options: TailOptions;
  #reading = false;
  /** A channel was added that the read under way knows nothing of. */
  #stale = false;
  #waking = false;
  #closed = false;
  #running = false;
  #clientId: number | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
    options.connection.onUp = () => this.#start();
    this.#start();
  }

  add(channel: TailedChannel): void {
    this.channels.set(channel.key, channel);
    this.#stale = true;
    if (this.#running) void this.#wake();
    else this.#start();
  }

  /** What is still read of it is dropped. */
  remove(channel: TailedChannel): void {
    this.channels.delete(channel.key);
  }

  close(): void {
    this.#closed = true;
  }

  #start(): void {
    if (this.#running || this.#closed) return;
    this.#running = true;
    void this.#run();
  }

  /** Until there is no channel, or no connection. */
  async #run(): Promise<void> {
    this.#clientId = await this.#askClientId();
    while (!this.#closed && this.#options.connection.up && this.channels.size > 0) {
      try {
        this.#handOut(await this.#next());
      } catch (error) {
        if (error instanceof RedisRefusal) await this.#refused(error);
        else await sleep(WAKE_MS);
      }
    }
    this.#running = false;
    // Added, or back, while the last read failed.
    if (this.#options.connection.up && this.channels.size > 0) this.#start();
  }

  async #next(): Promise<unknown> {
    const { connection } = this.#options;
    const channels = [...this.channels.values()].filter(({ broken }) => !broken);
    const someBroken = channels.length < this.channels.size;
    if (channels.length === 0) {
      await sleep(REFUSED_MS);
      throw new RedisRefusal('WRONGTYPE');
    }
    const unwakeable = this.#clientId === undefined ? BLOCK_UNWAKEABLE_MS : BLOCK_MS;
    const blockMs = someBroken ? Math.min(unwakeable, REFUSED_MS) : unwakeable;
    const late = setTimeout(() => connection.renew(), blockMs + LATE_MS);
    this.#reading = true;
    this.#stale = false;
    try {
      return await connection.call(
        ...(['XREAD', 'COUNT', READ_AT_ONCE, 'BLOCK', blockMs, 'STREAMS'] as const),
        ...channels.map(({ key }) => key),
        ...channels.map(({ position }) => position),
      );
    } finally {
      this.#reading = false;
      clearTimeout(late);
      if (someBroken) await this.#examine();
    }
  }

  #handOut(reply: unknown): void {
    if (this.#closed) return;
    const read = Array.isArray(reply) ? (reply as [key: string, entries: unknown][]) : [];
    for (const [key, entries] of read) {
      const channel = this.channels.get(key);
      for (const entry of parseEntries(entries)) {
        // One that was left and joined anew meanwhile is further on.
        if (channel !== undefined && compareIds(entry.id, channel.position) > 0) channel.advance(entry);
      }
    }
    this.#options.onRead();
  }

  /** Lets a read that waits come back, so that the next one has all channels. */
  async #wake(): Promise<void> {
    if (this.#waking || this.#clientId === undefined) return;
    this.#waking = true;
    const gatheringMs = Math.min(LONGEST_GATHERING_MS, Math.floor(this.channels.size / CHANNELS_PER_MS));
    if (gatheringMs > 0) await sleep(gatheringMs);
    try {
      // It may not have begun to wait yet: of two connections, nothing says which comes first.
      while (this.#stale && this.#reading && !this.#closed) {
        await this.#options.commands.call('CLIENT', 'UNBLOCK', this.#clientId);
        await sleep(WAKE_MS);
      }
    } catch {
      // With Redis out of reach, the read comes back by itself.
    }
    this.#waking = false;
  }

  /** @returns nothing for a user who may not wake: then reads wait shorter */
  async #askClientId(): Promise<number | undefined> {
    const { connection, commands } = this.#options;
    try {
      const id = Number(await connection.call('CLIENT', 'ID'));
      // There is nothing to wake yet: only whether it may.
      await commands.call('CLIENT', 'UNBLOCK', id);
      return id;
    } catch {
      return undefined;
    }
  }

  async #refused(error: RedisRefusal): Promise<void> {
    if (!(await this.#examine())) {
      this.#options.warn(`Redis refuses to be read: ${error.message}`);
      await sleep(REFUSED_MS);
    }
  }

  /** One key that holds no stream makes reads of all fail. Says whether there is one. */
  async #examine(): Promise<boolean> {
    const channels = [...this.channels.values()];
    try {
      for (const channel of channels) {
        const type = await this.#options.connection.call('TYPE', channel.key);
        const broken = type !== 'stream' && type !== 'none';
        if (broken && !channel.broken)
          this.#options.warn(`${channel.key} holds a ${type} in Redis, no stream: nothing of it is sent`);
        channel.broken = broken;
      }
    } catch {
      // Asked again after the next read.
    }
    return channels.some(({ broken }) => broken);
  }
}
