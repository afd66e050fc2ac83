import { SseKitError } from '../../../client/errors.ts';
import { parseRedisUrl } from '../../../mock/channels/redis/address.ts';
import { OutOfReach, RedisConnection, RedisRefusal } from '../../../mock/channels/redis/connection.ts';
import type { Outgoing, Outlet } from './outlet.ts';

/**
 * Publishes on a Pub/Sub channel, with `PUBLISH`. Commands go one behind the other on one connection, so that events arrive in their
 * order; answers are not waited for in between.
 *
 * @throws SseKitError where there is no Redis that answers
 */
export async function openRedisOutlet(url: string, channel: string): Promise<Outlet> {
  return new RedisOutlet(await connected(url), channel);
}

async function connected(url: string): Promise<RedisConnection> {
  try {
    return await RedisConnection.open({ address: parseRedisUrl(url), needs: 'ping' });
  } catch (error) {
    if (!(error instanceof SseKitError)) throw error;
    const { code, exitCode, message } = error;
    const hint =
      code === 'REDIS_PERMISSION'
        ? 'It needs the commands PING and PUBLISH on that channel.'
        : error.hint.replace('leave --redis out', 'leave --publish out');
    throw new SseKitError(code, exitCode, `--publish: ${message}`, { hint, cause: error });
  }
}

class RedisOutlet implements Outlet {
  readonly mostAtOnce = 1_000;
  readonly #connection: RedisConnection;
  readonly #channel: string;

  constructor(connection: RedisConnection, channel: string) {
    this.#connection = connection;
    this.#channel = channel;
  }

  async publish({ render }: Outgoing): Promise<void> {
    try {
      await this.#connection.call('PUBLISH', this.#channel, render());
    } catch (error) {
      throw failureOf(error);
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

function failureOf(error: unknown): unknown {
  if (error instanceof OutOfReach) {
    return new SseKitError('REDIS_OUT_OF_REACH', 7, `Redis is out of reach: ${error.message}`, {
      cause: error,
    });
  }
  if (!(error instanceof RedisRefusal)) return error;
  return new SseKitError(`REDIS_${error.code}`, 7, `Redis refused to publish: ${error.message}`, {
    cause: error,
  });
}
