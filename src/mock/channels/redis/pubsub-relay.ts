import type { PublishedEvent } from '../hub.ts';
import { OutOfReach, type RedisConnection } from './connection.ts';
import { parseMessage } from './relayed-event.ts';
import { isStreamId } from './stream-id.ts';
import type { TailedChannel } from './tailed-channel.ts';

/** Messages that wait to be looked up; with more, they are relayed as they are. */
const MOST_WAITING = 10_000;

export interface PubSubRelayOptions {
  /** For this alone: one that subscribes takes no other commands. */
  connection: RedisConnection;
  /** Whether the stream of that key has an entry of that id. */
  isEntry(key: string, id: string): Promise<boolean>;
  warn(message: string): void;
}

/**
 * Hands over what other programs publish on the Pub/Sub channels of the channels that are carried. A message with
 * the id of an entry of the channel's stream is left out: the tail brings that entry.
 */
export class PubSubRelay {
  readonly #options: PubSubRelayOptions;
  readonly #channels = new Map<string, TailedChannel>();
  /** Messages are handed over one after the other. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: PubSubRelayOptions) {
    this.#options = options;
    const { connection } = options;
    connection.onUp = () => this.#subscribe([...this.#channels.keys()]);
    connection.redis.on('message', (key: string, message: string) => this.#came(key, message));
  }

  add(channel: TailedChannel): void {
    this.#channels.set(channel.key, channel);
    this.#subscribe([channel.key]);
  }

  remove({ key }: TailedChannel): void {
    this.#channels.delete(key);
    // With the connection, the subscription is gone too.
    if (this.#options.connection.up) this.#options.connection.redis.unsubscribe(key).catch(() => {});
  }

  #subscribe(keys: readonly string[]): void {
    const { connection, warn } = this.#options;
    if (!connection.up || keys.length === 0) return;
    connection.redis.subscribe(...keys).catch((error: unknown) => {
      // Out of reach: all are subscribed to when it is back.
      if (connection.up) warn(`Redis refuses to be listened to: ${String(error)}`);
    });
  }

  #came(key: string, message: string): void {
    const event = parseMessage(message);
    const unsure = event.id !== undefined && isStreamId(event.id);
    if ((!unsure && this.#waiting === 0) || this.#waiting >= MOST_WAITING) {
      this.#channels.get(key)?.relay(event);
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      if (!unsure || !(await this.#isEntry(key, event))) this.#channels.get(key)?.relay(event);
      this.#waiting -= 1;
    });
  }

  async #isEntry(key: string, { id = '' }: PublishedEvent): Promise<boolean> {
    try {
      return await this.#options.isEntry(key, id);
    } catch (error) {
      // Where nobody can say, an event that comes twice is better than none.
      if (!(error instanceof OutOfReach))
        this.#options.warn(`a message could not be looked up: ${String(error)}`);
      return false;
    }
  }
}
