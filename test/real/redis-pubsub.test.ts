import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../e2e/harness/until.ts';
import { PacedReader } from '../mock/channels/paced-reader.ts';
import { missingRedis, RedisServer } from './redis-server.ts';

describe('what is published on Pub/Sub', { skip: missingRedis() }, () => {
  const setUp = async (test: TestContext) => {
    const redis = await RedisServer.start(test);
    const { hub } = await redis.hub(test, { pubsub: true });
    const join = async (lastEventId = '', room?: number, channels = ['a']) => {
      const reader = new PacedReader(room);
      const following = hub.follow(channels, await hub.locate(channels, lastEventId), reader);
      return { reader, following };
    };
    /** As soon as the relay listens. */
    const publish = (message: string) =>
      until(async () => Number(await redis.command('PUBLISH', 'sse:a', message)) > 0);
    return { redis, hub, join, publish };
  };
  const frames = (reader: PacedReader) => reader.events.map(({ frame }) => String(frame.bytes));

  test('goes to the streams of the channel, once each, without an id to resume by', async (t) => {
    const { join, publish } = await setUp(t);
    const { reader } = await join();
    const { reader: both } = await join('', undefined, ['b', 'a']);
    await publish('{"event":"note","data":{"n":1},"id":"7"}');
    await publish('plain');
    await until(() => reader.events.length === 2 && both.events.length === 2);
    assert.deepEqual(frames(reader), ['event: note\ndata: {"n":1}\n\n', 'data: plain\n\n']);
    assert.deepEqual(frames(both), frames(reader));
    assert.equal(String(reader.events[0]?.frameWithoutId.bytes), 'id: 7\nevent: note\ndata: {"n":1}\n\n');
  });

  test('goes to streams that are behind, too: nobody keeps it for them', async (t) => {
    const { hub, join, publish } = await setUp(t);
    for (const data of ['1', '2', '3']) await hub.publish(['a'], { data });
    const { reader } = await join('0', 1);
    await until(() => reader.awaited);
    await publish('now');
    await until(() => reader.data.includes('now'));
    reader.allow(10);
    await until(() => reader.data.length === 4);
    assert.deepEqual(reader.data, ['1', 'now', '2', '3']);
  });

  test('breaks no resume: a stream goes on behind the last entry that it had', async (t) => {
    const { hub, join, publish } = await setUp(t);
    const first = await join();
    await hub.publish(['a'], { data: '1' });
    await publish('{"data":"beside","id":"x"}');
    await until(() => first.reader.data.length === 2);
    first.following.stop();
    await hub.publish(['a'], { data: '2' });
    const last = first.reader.ids.filter((id) => id !== '').at(-1);
    const second = await join(last);
    await until(() => second.reader.data.length === 1);
    assert.deepEqual(second.reader.data, ['2']);
  });

  test('is left out where it tells of an entry of the stream, which comes anyway', async (t) => {
    const { redis, join, publish } = await setUp(t);
    const { reader } = await join();
    for (const data of ['1', '2', '3']) {
      const id = await redis.command('XADD', 'sse:a', '*', 'data', data);
      await publish(JSON.stringify({ data, id }));
      await publish(JSON.stringify({ data: `beside ${data}`, id: '5-0' }));
    }
    await until(() => reader.data.length === 6);
    assert.deepEqual(
      reader.data.filter((data) => data.length === 1),
      ['1', '2', '3'],
    );
    assert.deepEqual(
      reader.data.filter((data) => data.length > 1),
      ['beside 1', 'beside 2', 'beside 3'],
    );
  });

  test('keeps its order, whatever has to be looked up in between', async (t) => {
    const { redis, join, publish } = await setUp(t);
    const { reader } = await join();
    await publish('0');
    for (let count = 1; count <= 50; count += 1) {
      const message = count % 2 === 0 ? String(count) : JSON.stringify({ data: String(count), id: '5-0' });
      await redis.command('PUBLISH', 'sse:a', message);
    }
    await until(() => reader.data.length === 51);
    assert.deepEqual(
      reader.data,
      Array.from({ length: 51 }, (_, index) => String(index)),
    );
  });

  test('is not listened to without being asked, nor on channels that nobody carries any more', async (t) => {
    const { redis, join, publish } = await setUp(t);
    const { following } = await join();
    await publish('heard');
    following.stop();
    await until(async () => Number(await redis.command('PUBLISH', 'sse:a', 'x')) === 0);
    const without = await RedisServer.start(t);
    const { hub } = await without.hub(t);
    hub.follow(['a'], await hub.locate(['a'], ''), new PacedReader());
    await hub.publish(['a'], { data: 'x' });
    assert.equal(await without.command('PUBLISH', 'sse:a', 'x'), 0);
  });
});
