import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Following, Hub } from '../../src/mock/channels/hub.ts';
import { RequestError } from '../../src/mock/request.ts';
import { until } from '../e2e/harness/until.ts';
import { PacedReader } from '../mock/channels/paced-reader.ts';
import { missingRedis, RedisServer } from './redis-server.ts';

type Joined = PacedReader & { found: boolean; following: Following };

async function join(
  hub: Hub,
  channels: string[],
  lastEventId = '',
  room = Number.POSITIVE_INFINITY,
): Promise<Joined> {
  const position = await hub.locate(channels, lastEventId);
  const reader = new PacedReader(room);
  const following = hub.follow(channels, position, reader);
  return Object.assign(reader, { found: position.found, following });
}

async function publish(hub: Hub, channel: string, ...data: string[]): Promise<string[]> {
  const ids = [];
  for (const each of data) ids.push((await hub.publish([channel], { data: each })).ids[channel] ?? '');
  return ids;
}

const got = (reader: PacedReader, ...data: string[]) =>
  until(
    () => reader.data.length >= data.length,
    () => `${data} to come; there is ${reader.data}`,
  ).then(() => assert.deepEqual(reader.data, data));

const refusal = (status: number, message: RegExp) => (error: unknown) =>
  error instanceof RequestError && error.status === status && message.test(error.message);

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe('channels in Redis', { skip: missingRedis() }, () => {
  const setUp = async (test: TestContext, options = {}) => {
    const redis = await RedisServer.start(test);
    return { redis, ...(await redis.hub(test, options)) };
  };

  test('are streams of Redis, whose ids the streams have', async (t) => {
    const { hub, redis } = await setUp(t);
    const reader = await join(hub, ['news']);
    const { ids, streams } = await hub.publish(['news'], { event: 'note', data: 'x' });
    assert.equal(streams, 1);
    await got(reader, 'x');
    assert.deepEqual(reader.ids, [ids.news]);
    assert.equal(String(reader.events[0]?.frame.bytes), `id: ${ids.news}\nevent: note\ndata: x\n\n`);
    assert.equal(String(reader.events[0]?.frameWithoutId.bytes), 'event: note\ndata: x\n\n');
    const stored = await redis.command('XRANGE', 'sse:news', '-', '+');
    assert.deepEqual(stored, [[ids.news, ['event', 'note', 'data', 'x']]]);
  });

  test('carry what other servers and other programs add', async (t) => {
    const { hub, redis } = await setUp(t);
    const other = await redis.hub(t);
    const reader = await join(hub, ['a']);
    await publish(other.hub, 'a', 'from another server');
    await redis.command('XADD', 'sse:a', '*', 'data', 'from a program');
    await got(reader, 'from another server', 'from a program');
  });

  test('give a stream nothing from before it joined, and nothing of what it left', async (t) => {
    const { hub } = await setUp(t);
    await publish(hub, 'a', 'before');
    const reader = await join(hub, ['a']);
    const other = await join(hub, ['a']);
    await publish(hub, 'a', 'one');
    await got(reader, 'one');
    reader.following.stop();
    reader.following.stop();
    await publish(hub, 'a', 'two');
    await got(other, 'one', 'two');
    assert.deepEqual(reader.data, ['one']);
  });

  test('that are joined while a read waits for others are heard at once', async (t) => {
    const { hub } = await setUp(t);
    await join(hub, ['a']);
    const began = performance.now();
    for (const channel of numbers(1, 20)) {
      const reader = await join(hub, [channel]);
      await publish(hub, channel, 'x');
      await got(reader, 'x');
    }
    // A read that nobody wakes waits for 5 s.
    assert.ok(performance.now() - began < 4_500);
  });

  test('are resumed behind an id, on any server, and live from there', async (t) => {
    const { hub, redis } = await setUp(t);
    const ids = await publish(hub, 'a', ...numbers(1, 500));
    const other = await redis.hub(t);
    const reader = await join(other.hub, ['a'], ids[99]);
    assert.equal(reader.found, true);
    await publish(hub, 'a', '501');
    await got(reader, ...numbers(101, 501));
    assert.deepEqual(reader.ids.slice(0, -1), ids.slice(100));
    const all = await join(other.hub, ['a'], '0');
    await got(all, ...numbers(1, 501));
  });

  test('are handed out at the pace of the reader who is behind', async (t) => {
    const { hub } = await setUp(t);
    await publish(hub, 'a', ...numbers(1, 40));
    const reader = await join(hub, ['a'], '0', 10);
    await until(() => reader.awaited);
    assert.deepEqual(reader.data, numbers(1, 10));
    await publish(hub, 'a', '41');
    reader.allow(25);
    await until(() => reader.awaited);
    assert.deepEqual(reader.data, numbers(1, 35));
    reader.allow(6);
    await got(reader, ...numbers(1, 41));
    reader.allow(1);
    await publish(hub, 'a', '42');
    await got(reader, ...numbers(1, 42));
  });

  test('give a stream of several channels a position in each, by which it resumes', async (t) => {
    const { hub, redis } = await setUp(t);
    // Ids that tie: none of them alone would say what of the other channel is missing.
    for (const [key, id] of [
      ['b', '5-0'],
      ['a', '5-0'],
      ['a', '5-1'],
      ['b', '6-0'],
      ['a', '6-0'],
    ])
      await redis.command('XADD', `sse:${key}`, id ?? '', 'data', `${key}${id}`);
    const reader = await join(hub, ['b', 'a'], '0');
    await got(reader, 'a5-0', 'b5-0', 'a5-1', 'a6-0', 'b6-0');
    assert.deepEqual(reader.ids, ['5-0,0-0', '5-0,5-0', '5-1,5-0', '6-0,5-0', '6-0,6-0']);
    for (const [index, id] of reader.ids.entries()) {
      const again = await join(hub, ['a', 'b'], id);
      assert.equal(again.found, true);
      await got(again, ...reader.data.slice(index + 1));
    }
    await redis.command('XADD', 'sse:a', '7-0', 'data', 'live');
    await until(() => reader.data.length === 6);
    assert.equal(reader.ids.at(-1), '7-0,6-0');
  });

  test('are replayed in the order of their ids, though one has many more events than another', async (t) => {
    const { hub, redis } = await setUp(t);
    const expected: string[] = [];
    for (let ms = 1; ms <= 400; ms += 1) {
      const channel = ms % 50 === 0 ? 'rare' : 'often';
      await redis.command('XADD', `sse:${channel}`, `${ms}-0`, 'data', String(ms));
      expected.push(String(ms));
    }
    await got(await join(hub, ['rare', 'often'], '0'), ...expected);
    const slow = await join(hub, ['rare', 'often'], '0', 30);
    while (slow.data.length < 400) {
      await until(() => slow.awaited || slow.data.length === 400);
      slow.allow(70);
    }
    assert.deepEqual(slow.data, expected);
  });

  test('encode an event once for all streams of the same channels', async (t) => {
    const { hub } = await setUp(t);
    const readers = [await join(hub, ['a', 'b']), await join(hub, ['b', 'a']), await join(hub, ['a'])];
    assert.equal((await hub.publish(['a', 'b'], { data: 'x' })).streams, 3);
    await until(() => readers[0]?.data.length === 2 && readers[2]?.data.length === 1);
    assert.equal(readers[0]?.events[0], readers[1]?.events[0]);
    assert.notEqual(readers[0]?.events[0], readers[2]?.events[0]);
  });

  test('take an id of the publisher’s that the stream can have, and say why not of another', async (t) => {
    const { hub } = await setUp(t);
    const reader = await join(hub, ['a']);
    assert.deepEqual((await hub.publish(['a'], { data: 'x', id: '5-3' })).ids, { a: '5-3' });
    await got(reader, 'x');
    const refused: [id: string, message: RegExp][] = [
      ['order-7', /^id: with Redis it must be two numbers.* not "order-7"$/],
      ['5', /^id: with Redis it must be two numbers/],
      ['5-3', /^id: The ID specified in XADD is equal or smaller/],
      ['0-0', /^id: The ID specified in XADD must be greater than 0-0$/],
    ];
    for (const [id, message] of refused) {
      await assert.rejects(hub.publish(['a'], { data: 'x', id }), refusal(400, message));
    }
  });

  test('keep about as many events as the buffer says', async (t) => {
    const { hub, redis } = await setUp(t, { buffer: 200 });
    const ids = await publish(hub, 'a', ...numbers(1, 1_000));
    const length = Number(await redis.command('XLEN', 'sse:a'));
    assert.ok(length >= 200 && length < 500, `${length} are kept`);
    const lost = await join(hub, ['a'], ids[0]);
    assert.equal(lost.found, false);
    await got(lost, ...numbers(1_001 - length, 1_000));
    assert.equal((await join(hub, ['a'], ids[1_000 - length])).found, true);
    assert.equal((await hub.locate(['a'], ids[999 - length] ?? '')).found, false);
  });

  test('know an id that is none of theirs', async (t) => {
    const { hub } = await setUp(t);
    await hub.publish(['a'], { data: 'x', id: '5-0' });
    for (const id of ['7', 'x', '6-0', '4-0', '5-0,5-0', '05-0', '5-0x', 'x'.repeat(10_000)]) {
      const { found } = await hub.locate(['a'], id);
      assert.equal(found, false, id.slice(0, 20));
    }
    assert.equal((await hub.locate(['a', 'b'], '5-0')).found, false);
    assert.equal((await hub.locate(['a', 'b'], '5-0,0-0')).found, true);
  });

  test('end a stream whose next events were trimmed while it read', async (t) => {
    const { hub, redis } = await setUp(t);
    await publish(hub, 'a', ...numbers(1, 50));
    const reader = await join(hub, ['a'], '0', 10);
    await until(() => reader.awaited);
    await redis.command('XTRIM', 'sse:a', 'MAXLEN', 5);
    reader.allow(100);
    await until(() => reader.overran);
    assert.deepEqual(reader.data, numbers(1, 10));
    await publish(hub, 'a', 'late');
    assert.deepEqual(reader.data, numbers(1, 10));
  });

  test('pass over what was deleted one by one', async (t) => {
    const { hub, redis } = await setUp(t);
    const ids = await publish(hub, 'a', ...numbers(1, 30));
    await redis.command('XDEL', 'sse:a', ...ids.slice(9, 29));
    const reader = await join(hub, ['a'], ids[14]);
    assert.equal(reader.found, true);
    await got(reader, '30');
  });

  test('go on where all that a slow reader was behind with has been deleted', async (t) => {
    const { hub, redis } = await setUp(t);
    const live = await join(hub, ['a']);
    const ids = await publish(hub, 'a', ...numbers(1, 3));
    const reader = await join(hub, ['a'], '0', 1);
    await until(() => reader.awaited);
    const later = await publish(hub, 'a', ...numbers(4, 6));
    await got(live, ...numbers(1, 6));
    await redis.command('XDEL', 'sse:a', ...ids.slice(1), ...later);
    reader.allow(100);
    await publish(hub, 'a', '7');
    await got(live, ...numbers(1, 7));
    await until(() => reader.data.includes('7'));
    assert.equal(reader.overran, false);
  });

  test('refuse a key that holds something else, without harm to the others', async (t) => {
    const { hub, redis, warnings } = await setUp(t);
    await redis.command('SET', 'sse:b', 'text');
    const wrongType = refusal(409, /^sse:b holds something else than a stream in Redis$/);
    await assert.rejects(hub.locate(['b'], ''), wrongType);
    await assert.rejects(hub.publish(['b'], { data: 'x' }), wrongType);
    await assert.rejects(
      hub.publish(['a', 'b'], { data: 'x' }),
      refusal(409, /^sse:b holds .*; on the other channels it was published$/),
    );
    const reader = await join(hub, ['a'], '0');
    await got(reader, 'x');
    assert.deepEqual(warnings, []);
  });

  test('go on when the key of one is put to another use, and when it is a stream again', async (t) => {
    const { hub, redis, warnings } = await setUp(t);
    const [a, b] = [await join(hub, ['a']), await join(hub, ['b'])];
    await publish(hub, 'b', 'b1');
    await got(b, 'b1');
    await redis.command('SET', 'sse:b', 'text');
    await publish(hub, 'a', 'a1', 'a2');
    await got(a, 'a1', 'a2');
    await until(() => warnings.length === 1);
    assert.match(warnings[0] ?? '', /^sse:b holds a string in Redis, no stream/);
    await redis.command('DEL', 'sse:b');
    await publish(hub, 'b', 'b2');
    await got(b, 'b1', 'b2');
    assert.equal(warnings.length, 1);
  });

  test('have a limit to how many are followed at a time', async (t) => {
    const { hub } = await setUp(t, { maxChannels: 2 });
    const reader = await join(hub, ['a', 'b']);
    await assert.rejects(hub.locate(['c'], ''), refusal(429, /no room for another channel/));
    await join(hub, ['b']);
    reader.following.stop();
    await join(hub, ['c']);
  });

  test('are refused where the name can’t be one', async (t) => {
    const { hub } = await setUp(t);
    await assert.rejects(hub.locate(['a\nb'], ''), refusal(400, /control characters/));
    await assert.rejects(hub.publish(['a'], { data: '', event: 'a\nb' }), refusal(400, /^event: /));
  });

  test('work for a user who may do nothing else', async (t) => {
    const { redis } = await setUp(t);
    const rights = ['~sse:*', '+xadd', '+xrange', '+xread', '+xinfo', '+multi', '+exec', '+ping'];
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>secret', ...rights);
    const { hub } = await redis.hub(t, { url: `redis://app:secret@127.0.0.1:${redis.port}` });
    const [a, b] = [await join(hub, ['a']), await join(hub, ['b'], '0')];
    await hub.publish(['a', 'b'], { data: 'x' });
    await got(a, 'x');
    await got(b, 'x');
  });

  test('may be in a database with a number', async (t) => {
    const { redis } = await setUp(t);
    const { hub } = await redis.hub(t, { url: `${redis.url}/3` });
    await publish(hub, 'a', 'x');
    assert.equal(await redis.command('EXISTS', 'sse:a'), 0);
    await redis.command('SELECT', 3);
    assert.equal(await redis.command('XLEN', 'sse:a'), 1);
  });
});
