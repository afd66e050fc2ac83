import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelEvent, Following, Hub } from '../../src/mock/channels/hub.ts';
import { RequestError } from '../../src/mock/request.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { until } from '../e2e/harness/until.ts';
import { PacedReader } from '../mock/channels/paced-reader.ts';
import { missingRedis, RedisServer } from './redis-server.ts';

const CHANNELS = ['a', 'b', 'c'];

/** Last of each channel: a client that has it has got everything. */
const LAST = 'last';

/**
 * Servers that share a Redis, programs that publish through them and beside them, and clients that come, read at
 * their own pace, lose their connection, and resume on any of the servers; then what each client got is compared with
 * what Redis has.
 */
class Audit {
  readonly redis: RedisServer;
  readonly hubs: Hub[];
  readonly random: Random;
  /** Published, or begun to be. */
  count = 0;

  constructor(redis: RedisServer, hubs: Hub[], seed: number) {
    this.redis = redis;
    this.hubs = hubs;
    this.random = seededRandom(seed, 'audit');
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.random() * list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Some of the channels, one at least. */
  someChannels(): string[] {
    const some = CHANNELS.filter(() => this.random() < 0.5);
    return some.length === 0 ? [this.pick(CHANNELS)] : some;
  }

  async publish(events: number): Promise<void> {
    for (let index = 0; index < events; index += 1) {
      this.count += 1;
      await this.#publishOne(String(this.count));
      if (this.random() < 0.1) await sleep(this.random() * 4);
    }
  }

  async #publishOne(data: string): Promise<void> {
    if (this.random() < 0.3) {
      await this.redis.command('XADD', `sse:${this.pick(CHANNELS)}`, '*', 'data', data).catch(() => {});
      return;
    }
    const channels = this.random() < 0.2 ? this.someChannels() : [this.pick(CHANNELS)];
    await ignoringOutage(() => this.pick(this.hubs).publish(channels, { data }));
  }

  /** Data by id, as Redis has it. */
  async truth(channel: string): Promise<[id: string, data: string][]> {
    const entries = (await this.redis.command('XRANGE', `sse:${channel}`, '-', '+')) as [string, string[]][];
    return entries.map(([id, fields]) => [id, fields[1] ?? '']);
  }
}

/** What was published while Redis is away is published or not: Redis knows. */
async function ignoringOutage<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RequestError && error.status === 503) return undefined;
    throw error;
  }
}

class Client {
  readonly channels: string[];
  /** Everything that was begun to be published after this is its business. */
  #since: number | 'the beginning';
  readonly received: ChannelEvent[] = [];
  readonly #audit: Audit;
  #reader = new PacedReader(0);
  #following: Following | undefined;

  constructor(audit: Audit, since: 'now' | 'the beginning') {
    this.#audit = audit;
    this.channels = audit.someChannels();
    this.#since = since === 'now' ? audit.count : since;
  }

  get #lastEventId(): string {
    return this.received.at(-1)?.event.id ?? (this.#since === 'the beginning' ? '0' : '');
  }

  async connect(room: number): Promise<void> {
    const hub = this.#audit.pick(this.#audit.hubs);
    const position = await ignoringOutage(() => hub.locate(this.channels, this.#lastEventId));
    if (position === undefined) return;
    assert.equal(position.found, true);
    this.#reader = new PacedReader(room);
    this.#following = hub.follow(this.channels, position, this.#reader);
    // Without an id it can't ask for what it missed before.
    if (this.#lastEventId === '') this.#since = this.#audit.count;
  }

  /** The connection breaks; what was under way last may not have come. */
  disconnect(): void {
    this.#following?.stop();
    this.#following = undefined;
    const { events, overran } = this.#reader;
    assert.equal(overran, false);
    const lost = this.#audit.random() < 0.5 ? Math.floor(this.#audit.random() * 4) : 0;
    this.received.push(...events.slice(0, Math.max(0, events.length - lost)));
    this.#reader = new PacedReader(0);
  }

  /** Comes and goes for so many times, then stays until it has everything. */
  async live(times: number): Promise<void> {
    const { random } = this.#audit;
    for (let index = 0; index < times; index += 1) {
      await this.connect(random() < 0.5 ? Number.POSITIVE_INFINITY : Math.floor(random() * 20));
      for (let reads = random() * 4; reads > 0; reads -= 1) {
        await sleep(random() * 20);
        this.#reader.allow(Math.floor(random() * 20));
      }
      this.disconnect();
    }
  }

  /** Back for good. */
  async stay(): Promise<void> {
    await until(async () => {
      await this.connect(Number.POSITIVE_INFINITY);
      return this.#following !== undefined;
    });
  }

  async finish(): Promise<void> {
    const seen = () => [...this.received, ...this.#reader.events];
    const missing = () =>
      this.channels.filter((name) => !seen().some(({ event }) => event.data === `${LAST} ${name}`));
    await until(
      () => missing().length === 0,
      () => `the end of ${missing()} on a stream of ${this.channels}; it got ${seen().length} events`,
    );
    this.received.push(...this.#reader.events);
    this.#following?.stop();
  }

  /** Exactly what Redis has, each channel in its order, from where it joined. */
  async verify(): Promise<void> {
    const { received, channels } = this;
    const since = this.#since;
    const sorted = [...channels].sort();
    let positions = sorted.map(() => '');
    const perChannel = new Map<string, [string, string][]>(sorted.map((name) => [name, []]));
    for (const { event } of received) {
      const next = (event.id ?? '').split(',');
      const moved = sorted.flatMap((_, index) => (next[index] === positions[index] ? [] : [index]));
      // The first event tells all positions at once.
      const index = positions[0] === '' ? await this.#channelOf(next, event.data) : moved[0];
      if (positions[0] !== '') assert.equal(moved.length, 1, `${positions} to ${next}`);
      const name = sorted[index ?? 0] ?? '';
      perChannel.get(name)?.push([next[index ?? 0] ?? '', event.data]);
      positions = next;
    }
    for (const [name, events] of perChannel) {
      const truth = await this.#audit.truth(name);
      assert.deepEqual(events, truth.slice(truth.length - events.length), `${name} of ${channels}`);
      const due = truth.filter(([, data]) => since === 'the beginning' || Number(data) > since);
      assert.ok(events.length >= due.length, `${events.length} of ${due.length} that were due on ${name}`);
    }
  }

  async #channelOf(positions: readonly string[], data: string): Promise<number> {
    for (const [index, name] of [...this.channels].sort().entries()) {
      const truth = await this.#audit.truth(name);
      if (truth.some(([id, each]) => id === positions[index] && each === data)) return index;
    }
    throw new Error(`${data} is in none of ${this.channels} at ${positions}`);
  }
}

const CLIENTS = 24;
const EVENTS = 400;

describe('streams of servers that share a Redis', { skip: missingRedis() }, () => {
  const audit = async (test: TestContext, seed: number, disturb: (audit: Audit) => Promise<void>) => {
    test.diagnostic(`seed ${seed}`);
    const redis = await RedisServer.start(test);
    const hubs = [(await redis.hub(test)).hub, (await redis.hub(test)).hub];
    const world = new Audit(redis, hubs, seed);
    const clients: Client[] = [];
    const living = Array.from({ length: CLIENTS }, async (_, index) => {
      await sleep(index * 10);
      const client = new Client(world, index % 2 === 0 ? 'the beginning' : 'now');
      clients.push(client);
      await client.live(4);
    });
    await Promise.all([...living, world.publish(EVENTS), disturb(world)]);
    await Promise.all(clients.map((client) => client.stay()));
    for (const name of CHANNELS) await redis.command('XADD', `sse:${name}`, '*', 'data', `${LAST} ${name}`);
    for (const client of clients) await client.finish();
    for (const client of clients) await client.verify();
    return world;
  };

  test('get every event once and in order, however clients come and go', async (t) => {
    const { redis } = await audit(t, Date.now() % 1_000_000, async () => {});
    const lengths = await Promise.all(CHANNELS.map((name) => redis.command('XLEN', `sse:${name}`)));
    assert.ok(lengths.reduce<number>((sum, length) => sum + Number(length), 0) >= EVENTS + CHANNELS.length);
  });

  test('get every event once and in order while connections to Redis are cut', async (t) => {
    await audit(t, Date.now() % 1_000_000, async ({ redis }) => {
      for (let times = 0; times < 8; times += 1) {
        await sleep(40);
        await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes').catch(() => {});
      }
    });
  });

  test('get every event once and in order while Redis is killed and started anew', async (t) => {
    await audit(t, Date.now() % 1_000_000, async ({ redis }) => {
      for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
        await sleep(100);
        await redis.signal(signal);
        await redis.run();
      }
    });
  });

  test('get every event once and in order while a server is replaced', async (t) => {
    await audit(t, Date.now() % 1_000_000, async ({ redis, hubs }) => {
      for (let times = 0; times < 3; times += 1) {
        await sleep(80);
        const old = hubs[0];
        hubs[0] = (await redis.hub(t)).hub;
        await old?.close();
      }
    });
  });
});
