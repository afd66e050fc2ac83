import { RequestError } from '../../request.ts';
import type { PublishedEvent } from '../hub.ts';
import { type RedisConnection, RedisRefusal, refusalOf } from './connection.ts';
import { fieldsOf, keyOf } from './entry.ts';
import { isStreamId } from './stream-id.ts';

/** Adds events to the streams of channels. */
export class Publisher {
  readonly #connection: RedisConnection;
  readonly #buffer: number;

  /** @param buffer entries that a stream keeps at least */
  constructor(connection: RedisConnection, buffer: number) {
    this.#connection = connection;
    // With less, Redis may drop an entry with the command that adds it, before anyone has read it.
    this.#buffer = Math.max(1, buffer);
  }

  /**
   * @returns the id in each channel
   * @throws RequestError 400 for an id that the stream can't have, 409 for a key that is no stream, 503 where Redis is
   *   out of reach
   */
  async add(channels: readonly string[], event: PublishedEvent): Promise<string[]> {
    if (event.id !== undefined && !isStreamId(event.id)) {
      throw new RequestError(
        400,
        `id: with Redis it must be two numbers as Redis has them, 1700000000000-0, not ${JSON.stringify(event.id)}`,
      );
    }
    const commands = channels.map((name) => this.#command(name, event));
    const replies = await this.#send(channels, commands);
    const refused = channels.filter((_, index) => replies[index] instanceof RedisRefusal);
    const failure = replies.find((reply) => reply instanceof RedisRefusal);
    if (failure !== undefined) throw refusal(failure, refused, channels.length);
    return replies.map(String);
  }

  #command(channel: string, event: PublishedEvent): (string | number)[] {
    return ['XADD', keyOf(channel), 'MAXLEN', '~', this.#buffer, event.id ?? '*', ...fieldsOf(event)];
  }

  async #send(channels: readonly string[], commands: (string | number)[][]): Promise<unknown[]> {
    const [[name = '', ...args] = []] = commands;
    try {
      if (commands.length > 1) return await this.#connection.transaction(commands);
      return [await this.#connection.call(String(name), ...args)];
    } catch (error) {
      throw refusal(error, channels, channels.length);
    }
  }
}

/** @param of so many channels, of which these were refused */
function refusal(error: unknown, refused: readonly string[], of: number): unknown {
  if (error instanceof RedisRefusal && /^ERR The ID specified in XADD/.test(error.message)) {
    return new RequestError(400, `id: ${error.message.slice(4)}`);
  }
  const told = refusalOf(error, 'been published', refused);
  const others = of - refused.length;
  if (others === 0 || !(told instanceof RequestError)) return told;
  // A transaction of Redis undoes nothing.
  return new RequestError(
    told.status,
    `${told.message}; on the other channels it was published`,
    told.headers,
  );
}
