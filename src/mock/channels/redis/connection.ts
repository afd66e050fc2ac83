import { Redis } from 'ioredis';
import { RequestError } from '../../request.ts';
import { DEFAULT_CHANNEL } from '../channel-names.ts';
import type { RedisAddress } from './address.ts';
import { keyOf } from './entry.ts';
import { cannotStart } from './start-failure.ts';

/** A command that takes longer has failed: Redis hangs, or the way to it. */
const COMMAND_TIMEOUT_MS = 5_000;

const CONNECT_TIMEOUT_MS = 5_000;

/** Between attempts to get a connection back: doubled each time. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** While Redis reads its data after a start, it is asked this often whether it has done. */
const LOADING_POLL_MS = 50;

/** In a refusal: after so long it is worth another try. */
const RETRY_AFTER_S = 2;

/** No connection, or none that answers. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
  /** The command had left, so that nobody knows whether it was carried out. */
  readonly sent: boolean;

  constructor(sent: boolean, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.sent = sent;
  }
}

/** Redis refused a command: `code` is the first word of what it said. */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';
  readonly code: string;

  constructor(message: string) {
    super(message);
    this.code = /^[A-Z]+/.exec(message)?.[0] ?? 'ERR';
  }
}

export interface ConnectionOptions {
  address: RedisAddress;
  /** Commands may block on purpose: whoever sends them watches the time. */
  blocking?: boolean;
  /** What Redis must answer to at the start: `streams` (the default) asks about one, too. */
  needs?: 'ping' | 'streams';
}

/**
 * One connection to Redis, which comes back by itself when it is lost. A command that is sent while it is away fails
 * at once; one whose answer is lost fails too, and is never sent a second time.
 */
export class RedisConnection {
  /** The connection was lost. */
  onDown: ((reason: string) => void) | undefined;
  /** It is there again, and Redis answers. */
  onUp: (() => void) | undefined;
  readonly redis: Redis;
  #up = false;
  #closed = false;
  #lastError: unknown;

  private constructor(redis: Redis) {
    this.redis = redis;
  }

  /** @throws SseKitError exit 6, 7, 28, 35 or 60 where there is no Redis that answers */
  static async open({
    address,
    blocking = false,
    needs = 'streams',
  }: ConnectionOptions): Promise<RedisConnection> {
    const { host, port, username, password, db, tls } = address;
    let opened = false;
    const redis = new Redis({
      host,
      port,
      db,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
      ...(blocking ? {} : { commandTimeout: COMMAND_TIMEOUT_MS }),
      lazyConnect: true,
      protocol: 2,
      connectTimeout: CONNECT_TIMEOUT_MS,
      connectionName: 'ssekit',
      disableClientInfo: true,
      // INFO, which it would check with, is forbidden to many users.
      enableReadyCheck: false,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) =>
        opened ? Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times - 1, 10)) : null,
    });
    const connection = new RedisConnection(redis);
    let failure: unknown;
    redis.on('error', (error: unknown) => {
      failure ??= error;
      connection.#lastError = error;
    });
    try {
      await withTimeout(redis.connect().then(() => probe(redis, needs)));
    } catch (error) {
      connection.close();
      throw cannotStart(failure ?? error, address);
    }
    opened = true;
    connection.#up = true;
    redis.on('ready', () => void connection.#ready());
    redis.on('close', () => connection.#down());
    return connection;
  }

  get up(): boolean {
    return this.#up;
  }

  /**
   * @throws OutOfReach
   * @throws RedisRefusal
   */
  async call(command: string, ...args: (string | number)[]): Promise<unknown> {
    return this.#attempt(() => this.redis.call(command, args));
  }

  /**
   * Several commands in one go, all or none.
   *
   * @returns their replies, a {@link RedisRefusal} where one failed
   * @throws OutOfReach
   * @throws RedisRefusal
   */
  async transaction(commands: readonly (readonly (string | number)[])[]): Promise<unknown[]> {
    const replies = await this.#attempt(() => {
      const multi = this.redis.multi();
      for (const [name = '', ...args] of commands) multi.call(String(name), args);
      return multi.exec();
    });
    return (replies ?? []).map(([error, reply]) => (error === null ? reply : failureOf(error)));
  }

  /** Drops the connection, and gets a new one. */
  renew(): void {
    this.redis.disconnect(true);
  }

  close(): void {
    this.#closed = true;
    this.#up = false;
    this.redis.disconnect();
  }

  async #attempt<T>(send: () => Promise<T>): Promise<T> {
    if (!this.#up) throw new OutOfReach(false, this.#lastError);
    try {
      return await send();
    } catch (error) {
      if (isTimeout(error)) {
        // What hangs now would let everyone wait.
        this.#lastError = error;
        this.#down();
        this.renew();
      }
      throw failureOf(error);
    }
  }

  #down(): void {
    if (!this.#up) return;
    this.#up = false;
    this.onDown?.(reasonOf(this.#lastError));
  }

  /** A Redis that has just started may be reading its data yet. */
  async #ready(): Promise<void> {
    try {
      await withTimeout(this.redis.ping());
    } catch (error) {
      if (this.#closed) return;
      if (isLoading(error)) setTimeout(() => void this.#ready(), LOADING_POLL_MS);
      else setTimeout(() => this.#renewUnlessUp(), LONGEST_RETRY_MS);
      return;
    }
    if (this.#up || this.#closed) return;
    this.#up = true;
    this.#lastError = undefined;
    this.onUp?.();
  }

  #renewUnlessUp(): void {
    if (!this.#up && !this.#closed && this.redis.status === 'ready') this.renew();
  }
}

/** Whether it answers, and where they are needed knows streams and lets this user have them: no such key is as good an answer as any. */
async function probe(redis: Redis, needs: ConnectionOptions['needs']): Promise<void> {
  await redis.ping();
  if (needs === 'ping') return;
  try {
    await redis.call('XINFO', 'STREAM', keyOf(DEFAULT_CHANNEL));
  } catch (error) {
    if (!/no such key|WRONGTYPE/i.test((error as Error).message)) throw error;
  }
}

/** What a client is told of a command that failed. `done` completes "it may have …": `been published`. */
export function refusalOf(error: unknown, done: string, channels: readonly string[]): unknown {
  const retry = { 'retry-after': String(RETRY_AFTER_S) };
  if (error instanceof OutOfReach) {
    const outcome = error.sent ? `it may have ${done}, or not` : `nothing has ${done}`;
    return new RequestError(503, `Redis is out of reach (${error.message}): ${outcome}`, retry);
  }
  if (!(error instanceof RedisRefusal)) return error;
  const { code, message } = error;
  const keys = channels.map(keyOf).join(', ');
  if (code === 'WRONGTYPE')
    return new RequestError(409, `${keys} holds something else than a stream in Redis`);
  return new RequestError(503, `Redis refused (${keys}): ${message}`, retry);
}

/** In words for people: what the library says of its own queues is nothing to them. */
function reasonOf(error: unknown): string {
  if (isTimeout(error)) return 'no answer';
  const told = error instanceof Error && ('syscall' in error || error.name === 'ReplyError');
  return told ? error.message : 'the connection was lost';
}

function failureOf(error: unknown): OutOfReach | RedisRefusal {
  if (error instanceof Error && error.name === 'ReplyError' && !isLoading(error))
    return new RedisRefusal(error.message);
  return new OutOfReach(!isLoading(error) && !isUnsent(error), error);
}

/** The socket has gone, and nobody has said so yet. */
function isUnsent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function isLoading(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('LOADING');
}

/** For a connection on which commands may take their time, this one may not. */
async function withTimeout<T>(reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out')), COMMAND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}
