import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { openRedisOutlet } from '../../src/bench/delivery/publish/redis-outlet.ts';
import type { SseKitError } from '../../src/client/errors.ts';
import type { BenchResult } from '../../src/results/bench/result.ts';
import { runCli } from '../e2e/harness/cli.ts';
import { startMock } from '../e2e/harness/mock.ts';
import { until } from '../e2e/harness/until.ts';
import { missingRedis, RedisServer } from './redis-server.ts';

describe('publishing to Redis', { skip: missingRedis() }, () => {
  test('arrives on the channel in its order, however many are under way', async (t) => {
    const redis = await RedisServer.start(t);
    const subscriber = new Redis(redis.port, '127.0.0.1');
    t.after(() => subscriber.disconnect());
    const heard: string[] = [];
    subscriber.on('message', (_channel, text) => heard.push(text));
    await subscriber.subscribe('news: a');
    const outlet = await openRedisOutlet(`${redis.url}/0`, 'news: a');
    t.after(() => outlet.close());
    const texts = Array.from({ length: 500 }, (_, n) => `text ${n}`);
    await Promise.all(texts.map((text, n) => outlet.publish({ n, render: () => text })));
    await until(() => heard.length === texts.length);
    assert.deepEqual(heard, texts);
  });

  test('needs no more rights than to publish, and says what it lacks', async (t) => {
    const redis = await RedisServer.start(t);
    await redis.command('ACL', 'SETUSER', 'pub', 'on', '>pw', '+ping', '+publish', '+client', '&news');
    const url = `redis://pub:pw@127.0.0.1:${redis.port}`;
    const outlet = await openRedisOutlet(url, 'news');
    t.after(() => outlet.close());
    await outlet.publish({ n: 1, render: () => 'x' });
    const other = await openRedisOutlet(url, 'other');
    t.after(() => other.close());
    await assert.rejects(other.publish({ n: 1, render: () => 'x' }), { code: 'REDIS_NOPERM', exitCode: 7 });
    const wrong = openRedisOutlet(`redis://pub:no@127.0.0.1:${redis.port}`, 'news');
    await assert.rejects(wrong, (error: SseKitError) => {
      assert.equal(error.code, 'REDIS_AUTH');
      assert.match(error.message, /^--publish: redis:\/\/pub:•••@127/);
      return true;
    });
  });

  test('is measured by bench from there, through a server, to each stream', async (t) => {
    const redis = await RedisServer.start(t);
    const { url } = await startMock(t, '--preset', 'quiet', '--redis', redis.url, '--redis-pubsub');
    const { stdout, stderr } = await runCli([
      ...['bench', `${url}events`, '-c', '3', '--for', '1500ms', '--ramp-up', '0s', '--format', 'json'],
      ...['--publish', `${redis.url}#sse:global`, '--publish-rate', '100/s'],
    ]);
    assert.notEqual(stdout, '', stderr);
    const { publish, delivery, metrics } = JSON.parse(stdout) as BenchResult;
    assert.deepEqual(publish?.errors, []);
    assert.ok(delivery && delivery.received > 50, stdout);
    const { missing, duplicated, out_of_order } = delivery;
    assert.deepEqual([missing, duplicated, out_of_order], [0, 0, 0]);
    assert.ok((metrics.delivery_latency?.count ?? 0) > 50);
  });

  test('fails while Redis is away, and goes on when it is back', async (t) => {
    const redis = await RedisServer.start(t);
    const outlet = await openRedisOutlet(redis.url, 'a');
    t.after(() => outlet.close());
    await redis.signal('SIGKILL');
    await until(async () => {
      const failure = await outlet.publish({ n: 1, render: () => 'x' }).catch((error: SseKitError) => error);
      return failure?.code === 'REDIS_OUT_OF_REACH';
    });
    await redis.run();
    await until(() =>
      outlet.publish({ n: 1, render: () => 'x' }).then(
        () => true,
        () => false,
      ),
    );
  });
});
