import { RequestError } from '../../request.ts';
import { checkedChannels } from '../channel-names.ts';
import { checkEvent } from '../encoded-event.ts';
import type { Following, Hub, HubReader, Position, Published, PublishedEvent } from '../hub.ts';
import { parseRedisUrl } from './address.ts';
import { Audience } from './audience.ts';
import { RedisConnection, refusalOf } from './connection.ts';
import { keyOf } from './entry.ts';
import { Publisher } from './publisher.ts';
import { PubSubRelay } from './pubsub-relay.ts';
import { RedisFollower } from './redis-follower.ts';
import { Replay } from './replay.ts';
import { BEGINNING, positionsOf } from './stream-id.ts';
import { isComplete, type StreamInfo } from './stream-info.ts';
import { Tail } from './tail.ts';
import { TailedChannel } from './tailed-channel.ts';

export interface RedisHubOptions {
  /** `redis://` or `rediss://`, with user, password and database where needed. */
  url: string;
  /** Entries that a channel keeps at least: `MAXLEN ~ N`. Default 1,000. */
  buffer?: number;
  /** Channels that streams of this server carry at a time. Default 10,000. */
  maxChannels?: number;
  /** Relays the Pub/Sub channels `sse:CHANNEL` too. Default false. */
  pubsub?: boolean;
  /** Told once when Redis is lost, and once when it is back; and of what can't be read. */
  warn(message: string): void;
}

interface RedisPosition extends Position {
  /** By channel, in the order of their names. */
  readonly positions: readonly string[];
  /** Where each channel was when this was found out. */
  readonly tops: readonly string[];
  /** Whether the stream was promised everything behind the positions. */
  readonly promised: boolean;
}

/**
 * Channels in Redis, shared by all servers that use it: each is the stream `sse:CHANNEL`, whose entries have the
 * fields `event` and `data`. Ids are those of Redis.
 *
 * @throws InvalidValue for a URL that is none
 * @throws SseKitError exit 6, 7, 28, 35 or 60 where there is no Redis that answers
 */
export async function createRedisHub(options: RedisHubOptions): Promise<Hub> {
  const address = parseRedisUrl(options.url);
  const commands = await RedisConnection.open({ address });
  // Each for one thing alone: to wait for what is new, to subscribe.
  const count = options.pubsub === true ? 2 : 1;
  const opening = Array.from({ length: count }, () => RedisConnection.open({ address, blocking: true }));
  const opened = await Promise.allSettled(opening);
  const [reads, messages] = opened.map((each) => (each.status === 'fulfilled' ? each.value : undefined));
  const failed = opened.find((each) => each.status === 'rejected');
  if (reads === undefined || failed !== undefined) {
    for (const connection of [commands, reads, messages]) connection?.close();
    throw failed?.reason;
  }
  return new RedisHub({ commands, reads, messages }, address.shown, options);
}

interface Connections {
  commands: RedisConnection;
  reads: RedisConnection;
  /** With Pub/Sub alone. */
  messages: RedisConnection | undefined;
}

class RedisHub implements Hub {
  readonly replay: Replay;
  readonly #connections: Connections;
  readonly #publisher: Publisher;
  readonly #tail: Tail;
  readonly #relay: PubSubRelay | undefined;
  readonly #buffer: number;
  readonly #maxChannels: number;
  /** By the names of their channels. */
  readonly #audiences = new Map<string, Audience>();
  /** Those who have all that Redis has, and wait for the tail to come as far. */
  #awaiting = new Set<RedisFollower>();

  constructor(connections: Connections, shown: string, options: RedisHubOptions) {
    const { commands, reads, messages } = connections;
    const { buffer = 1_000, maxChannels = 10_000, warn } = options;
    this.#connections = connections;
    this.#buffer = buffer;
    this.#maxChannels = maxChannels;
    this.replay = new Replay(commands, buffer);
    this.#publisher = new Publisher(commands, buffer);
    this.#tail = new Tail({ connection: reads, commands, onRead: () => this.#poke(), warn });
    if (messages !== undefined) {
      const isEntry = (key: string, id: string) => this.replay.has(key, id);
      this.#relay = new PubSubRelay({ connection: messages, isEntry, warn });
    }
    let downSince = 0;
    commands.onDown = (reason) => {
      downSince = performance.now();
      warn(`${shown} is out of reach (${reason}): streams stay open; publishing and new streams get 503`);
    };
    commands.onUp = () => {
      const seconds = (performance.now() - downSince) / 1_000;
      warn(`${shown} is back after ${seconds.toFixed(1)} s: streams go on where they were`);
      this.#poke();
    };
  }

  async publish(names: readonly string[], event: PublishedEvent): Promise<Published> {
    const channels = checkedChannels(names);
    checkEvent(event, channels);
    const streams = this.#carrying(channels);
    const ids = await this.#publisher.add(channels, event);
    return { ids: Object.fromEntries(channels.map((name, index) => [name, ids[index] ?? ''])), streams };
  }

  async locate(names: readonly string[], lastEventId: string): Promise<RedisPosition> {
    const channels = checkedChannels(names).sort();
    this.#checkRoom(channels);
    const infos = await this.#infos(channels);
    const tops = infos.map(({ last }) => last);
    const id = lastEventId.trim();
    if (id === '') return { found: true, positions: tops, tops, promised: false };
    const positions = positionsOf(id, channels.length);
    const complete = positions?.every((position, index) => {
      const info = infos[index];
      return info !== undefined && isComplete(position, info, this.#buffer);
    });
    return positions !== undefined && complete === true
      ? { found: true, positions, tops, promised: true }
      : { found: false, positions: channels.map(() => BEGINNING), tops, promised: false };
  }

  follow(names: readonly string[], position: Position, reader: HubReader): Following {
    const { positions, tops, promised } = position as RedisPosition;
    const audience = this.#audience([...new Set(names)].sort(), tops);
    const follower = new RedisFollower(this, audience, reader);
    audience.followers.add(follower);
    follower.start(positions, promised);
    return follower;
  }

  await(follower: RedisFollower): void {
    this.#awaiting.add(follower);
  }

  left(follower: RedisFollower): void {
    this.#awaiting.delete(follower);
    const { audience } = follower;
    audience.followers.delete(follower);
    if (audience.followers.size > 0) return;
    this.#audiences.delete(nameOf(audience.channels.map(({ name }) => name)));
    for (const channel of audience.channels) {
      channel.audiences.delete(audience);
      if (channel.audiences.size > 0) continue;
      this.#tail.remove(channel);
      this.#relay?.remove(channel);
    }
  }

  async close(): Promise<void> {
    this.#tail.close();
    for (const connection of Object.values(this.#connections)) connection?.close();
  }

  #poke(): void {
    const awaiting = this.#awaiting;
    if (awaiting.size === 0) return;
    this.#awaiting = new Set();
    for (const follower of awaiting) follower.poke();
  }

  async #infos(channels: readonly string[]): Promise<StreamInfo[]> {
    try {
      return await Promise.all(channels.map((name) => this.replay.info(keyOf(name))));
    } catch (error) {
      throw refusalOf(error, 'been looked up', channels);
    }
  }

  /** Streams of this server that carry one of these channels: each is in one audience. */
  #carrying(names: readonly string[]): number {
    const counted = new Set<Audience>();
    let streams = 0;
    for (const name of names) {
      for (const audience of this.#tail.channels.get(keyOf(name))?.audiences ?? []) {
        if (names.length > 1 && counted.has(audience)) continue;
        if (names.length > 1) counted.add(audience);
        streams += audience.followers.size;
      }
    }
    return streams;
  }

  #audience(names: readonly string[], tops: readonly string[]): Audience {
    const name = nameOf(names);
    const known = this.#audiences.get(name);
    if (known !== undefined) return known;
    const audience = new Audience(names.map((each, index) => this.#channel(each, tops[index] ?? BEGINNING)));
    for (const channel of audience.channels) channel.audiences.add(audience);
    this.#audiences.set(name, audience);
    return audience;
  }

  #channel(name: string, top: string): TailedChannel {
    const known = this.#tail.channels.get(keyOf(name));
    if (known !== undefined) return known;
    const channel = new TailedChannel(name, top);
    this.#tail.add(channel);
    this.#relay?.add(channel);
    return channel;
  }

  #checkRoom(names: readonly string[]): void {
    const wanted = names.filter((name) => !this.#tail.channels.has(keyOf(name))).length;
    if (wanted > 0 && this.#tail.channels.size + wanted > this.#maxChannels) {
      throw new RequestError(429, `no room for another channel: streams are open on ${this.#maxChannels}`);
    }
  }
}

/** Names have no control characters. */
function nameOf(channels: readonly string[]): string {
  return channels.join('\n');
}
