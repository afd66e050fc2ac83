import { RequestError } from '../request.ts';
import { checkedChannels } from './channel-names.ts';
import { checkEvent } from './encoded-event.ts';
import type { Following, Hub, HubReader, Position, Published, PublishedEvent } from './hub.ts';
import { comparableId, MemoryChannel, MemoryEvent } from './memory-channel.ts';
import { MemoryFollower } from './memory-follower.ts';

export interface MemoryHubOptions {
  /** Events that a channel keeps. Default 1,000; 0 keeps none. */
  buffer?: number;
  /** Encoded bytes that a channel keeps. Default 16 MB. */
  maxChannelBytes?: number;
  /** Encoded bytes that all channels keep together: the one that was quiet longest gives up first. Default 64 MB. */
  maxBytes?: number;
  /** Channels at a time. Default 100,000. */
  maxChannels?: number;
}

const MB = 1024 ** 2;

/**
 * Channels in this process. One counter gives the ids, so that a stream on several channels has one order and
 * resumes by one number. A publisher's own id takes the place of the number; where one is given twice, the latest
 * counts.
 */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  return new MemoryHub(options);
}

interface MemoryPosition extends Position {
  readonly behind: number;
  /** Whether the stream was promised everything behind it. */
  readonly strict: boolean;
}

export class MemoryHub implements Hub {
  /** Position of the latest event, which is its id where the publisher gave none. */
  position = 0;
  readonly #options: Required<MemoryHubOptions>;
  readonly #channels = new Map<string, MemoryChannel>();
  /** Those that keep events, by when something was published on them last. */
  readonly #holding = new Set<MemoryChannel>();
  #bytes = 0;
  /** Of the latest event of channels that are no longer remembered. */
  #forgottenUpTo = 0;

  constructor({
    buffer = 1_000,
    maxChannelBytes = 16 * MB,
    maxBytes = 64 * MB,
    maxChannels = 100_000,
  }: MemoryHubOptions) {
    this.#options = { buffer, maxChannelBytes, maxBytes, maxChannels };
  }

  async publish(names: readonly string[], event: PublishedEvent): Promise<Published> {
    return this.deliver(this.admit(names, event), event, this.position);
  }

  /**
   * The channels of an event that can be published here, each once.
   *
   * @throws RequestError as `publish` does
   */
  admit(names: readonly string[], event: PublishedEvent): string[] {
    const channels = checkedChannels(names);
    checkEvent(event, channels);
    this.#requireRoom(channels);
    return channels;
  }

  /**
   * Keeps and hands over an event that was admitted, here or by whoever gives the order.
   *
   * @param behind position of the event before it, in the order of all
   */
  deliver(channels: readonly string[], event: PublishedEvent, behind: number): Published {
    this.position = behind;
    const carrying = channels.map((name) => this.#channels.get(name)?.followers ?? NOBODY);
    const streams = channels.length === 1 ? (carrying[0]?.size ?? 0) : distinct(carrying);
    const ids = channels.map((name) => [name, this.#publishOn(name, event)]);
    return { ids: Object.fromEntries(ids), streams };
  }

  async locate(names: readonly string[], lastEventId: string): Promise<MemoryPosition> {
    const channels = checkedChannels(names);
    this.#requireRoom(channels);
    if (lastEventId === '') return { found: true, behind: this.position, strict: false };
    const behind = this.#positionOf(channels, comparableId(lastEventId));
    const complete = behind !== undefined && channels.every((name) => this.#lostUpTo(name) <= behind);
    return complete ? { found: true, behind, strict: true } : { found: false, behind: 0, strict: false };
  }

  follow(names: readonly string[], position: Position, reader: HubReader): Following {
    const channels = [...new Set(names)].map((name) => this.#channel(name));
    const follower = new MemoryFollower(this, channels, reader);
    for (const channel of channels) channel.followers.add(follower);
    const { behind, strict } = position as MemoryPosition;
    follower.start(behind, strict);
    return follower;
  }

  /** A follower has gone. */
  left(follower: MemoryFollower): void {
    for (const channel of follower.channels) {
      channel.followers.delete(follower);
      this.#forgetIfIdle(channel);
    }
  }

  async close(): Promise<void> {
    this.#channels.clear();
    this.#holding.clear();
    this.#bytes = 0;
  }

  #publishOn(name: string, published: PublishedEvent): string {
    this.position += 1;
    const event = new MemoryEvent(published, this.position);
    const id = event.event.id ?? '';
    if (!this.#makeRoom([name])) {
      // It was admitted elsewhere, and nobody here carries its channel.
      this.#forgottenUpTo = this.position;
      return id;
    }
    const channel = this.#channel(name);
    channel.keep(event);
    this.#bytes += event.sizeBytes;
    this.#holding.delete(channel);
    this.#holding.add(channel);
    this.#evict(channel);
    for (const follower of channel.followers) {
      if (follower.liveSince < event.position) follower.reader.take(event);
    }
    this.#forgetIfIdle(channel);
    return id;
  }

  /** Where an id is in the order of all events; the latest, where it was given more than once. */
  #positionOf(names: readonly string[], id: string): number | undefined {
    const positions = names.map((name) => this.#channels.get(name)?.positionOf(id) ?? -1);
    if (/^(0|[1-9]\d{0,14})$/.test(id) && Number(id) <= this.position) positions.push(Number(id));
    const latest = Math.max(...positions);
    return latest < 0 ? undefined : latest;
  }

  #lostUpTo(name: string): number {
    return this.#channels.get(name)?.ring.lostUpTo ?? this.#forgottenUpTo;
  }

  #channel(name: string): MemoryChannel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel = new MemoryChannel(name, this.#forgottenUpTo);
    this.#channels.set(name, channel);
    return channel;
  }

  #evict(channel: MemoryChannel): void {
    const { buffer, maxChannelBytes, maxBytes } = this.#options;
    const { ring } = channel;
    while (ring.length > buffer || ring.sizeBytes > maxChannelBytes) this.#forgetOldest(channel);
    for (const quietest of this.#holding) {
      while (this.#bytes > maxBytes && quietest.ring.length > 0) this.#forgetOldest(quietest);
      if (this.#bytes <= maxBytes) break;
    }
  }

  #forgetOldest(channel: MemoryChannel): void {
    const before = channel.ring.sizeBytes;
    channel.forgetOldest();
    this.#bytes -= before - channel.ring.sizeBytes;
    if (channel.ring.length > 0) return;
    this.#holding.delete(channel);
    this.#forgetIfIdle(channel);
  }

  #forgetIfIdle(channel: MemoryChannel): void {
    if (channel.followers.size > 0 || channel.ring.length > 0) return;
    this.#channels.delete(channel.name);
    this.#forgottenUpTo = Math.max(this.#forgottenUpTo, channel.ring.lostUpTo);
  }

  /** @throws RequestError 429 where there is no room for all of them */
  #requireRoom(names: readonly string[]): void {
    if (this.#makeRoom(names)) return;
    const { maxChannels } = this.#options;
    throw new RequestError(
      429,
      `no room for another channel: streams are open on all ${maxChannels} that can be`,
    );
  }

  /** Past the limit, channels that nobody carries are forgotten, the quietest first; false where all are carried. */
  #makeRoom(names: readonly string[]): boolean {
    const { maxChannels } = this.#options;
    const wanted = names.filter((name) => !this.#channels.has(name)).length;
    if (wanted === 0 || this.#channels.size + wanted <= maxChannels) return true;
    for (const channel of this.#holding) {
      if (channel.followers.size > 0 || names.includes(channel.name)) continue;
      while (channel.ring.length > 0) this.#forgetOldest(channel);
      if (this.#channels.size + wanted <= maxChannels) return true;
    }
    return false;
  }
}

const NOBODY: ReadonlySet<MemoryFollower> = new Set();

function distinct(sets: readonly ReadonlySet<MemoryFollower>[]): number {
  return new Set(sets.flatMap((set) => [...set])).size;
}
