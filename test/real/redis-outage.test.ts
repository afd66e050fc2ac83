import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { Hub } from '../../src/mock/channels/hub.ts';
import { createRedisHub } from '../../src/mock/channels/redis/redis-hub.ts';
import { RequestError } from '../../src/mock/request.ts';
import { until } from '../e2e/harness/until.ts';
import { PacedReader } from '../mock/channels/paced-reader.ts';
import { lossyLink } from './lossy-link.ts';
import { missingRedis, RedisServer } from './redis-server.ts';

async function join(hub: Hub, channel: string, lastEventId = '', room?: number): Promise<PacedReader> {
  const reader = new PacedReader(room);
  hub.follow([channel], await hub.locate([channel], lastEventId), reader);
  return reader;
}

/** Publishes as soon as Redis is there. */
async function publish(hub: Hub, data: string): Promise<void> {
  await until(() =>
    hub.publish(['a'], { data }).then(
      () => true,
      (error) => {
        if (!(error instanceof RequestError) || error.status !== 503) throw error;
        return false;
      },
    ),
  );
}

const unavailable = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RequestError);
  assert.equal(error.status, 503);
  assert.match(error.message, message);
  assert.ok(Number(error.headers['retry-after']) >= 1);
  return true;
};

describe('Redis at the start', { skip: missingRedis() }, () => {
  const refused = async (url: string): Promise<SseKitError> => {
    const starting = createRedisHub({ url, warn: () => {} });
    return starting.then(
      () => assert.fail('it started'),
      (error: unknown) => {
        if (!(error instanceof SseKitError)) throw error;
        return error;
      },
    );
  };

  test('that is not there is named, with what to do', async () => {
    const { code, exitCode, message, hint } = await refused('redis://:secret@127.0.0.1:1/');
    assert.deepEqual([code, exitCode], ['ECONNREFUSED', 7]);
    assert.match(message, /^redis:\/\/:•••@127\.0\.0\.1:1\/: connection refused by 127\.0\.0\.1:1$/);
    assert.match(hint, /^Start Redis \(redis-server --port 1\), or leave --redis out\.$/);
  });

  test('whose name means nothing is a failure of the name', async () => {
    const { exitCode, message } = await refused('redis://nowhere.invalid');
    assert.equal(exitCode, 6);
    assert.match(message, /nowhere\.invalid/);
  });

  test('that asks for a password, or for another one, says so without telling it', async (t) => {
    const redis = await RedisServer.start(t, ['--requirepass', 'right']);
    const none = await refused(redis.url);
    assert.deepEqual([none.code, none.exitCode], ['REDIS_AUTH', 7]);
    assert.match(none.message, /asks for a password$/);
    const wrong = await refused(`redis://:wr0ng@127.0.0.1:${redis.port}`);
    assert.deepEqual([wrong.code, wrong.exitCode], ['REDIS_AUTH', 7]);
    assert.match(wrong.message, /^redis:\/\/:•••@.* did not accept the user or the password$/);
    assert.doesNotMatch(`${wrong.message} ${wrong.hint}`, /wr0ng/);
    const { hub } = await redis.hub(t, { url: `redis://:right@127.0.0.1:${redis.port}` });
    await publish(hub, 'x');
  });

  test('that lacks streams, or forbids them to the user, says so', async (t) => {
    const old = await RedisServer.start(t, ['--rename-command', 'XINFO', '']);
    const without = await refused(old.url);
    assert.deepEqual([without.code, without.exitCode], ['REDIS_REFUSED', 7]);
    assert.equal(without.hint, 'Streams need Redis 5.0 or newer.');
    const strict = await RedisServer.start(t);
    await strict.command('ACL', 'SETUSER', 'app', 'on', '>secret', '+ping', '~*');
    const forbidden = await refused(`redis://app:secret@127.0.0.1:${strict.port}`);
    assert.deepEqual([forbidden.code, forbidden.exitCode], ['REDIS_PERMISSION', 7]);
    assert.match(forbidden.hint, /XADD, XRANGE, XREAD, XINFO/);
  });

  test('with which TLS is not to be had says so', async (t) => {
    const redis = await RedisServer.start(t);
    const { exitCode, hint } = await refused(`rediss://127.0.0.1:${redis.port}`);
    assert.equal(exitCode, 28);
    assert.match(hint, /^Does it speak TLS on that port\?/);
  });

  const impostor = async (test: TestContext, answer: string): Promise<number> => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    test.after(() => server.close());
    const address = server.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  };

  test('that is something else is not taken for one', async (t) => {
    const port = await impostor(t, 'HTTP/1.1 400 Bad Request\r\n\r\n');
    const { code, exitCode, message } = await refused(`redis://127.0.0.1:${port}`);
    assert.deepEqual([code, exitCode], ['REDIS_PROTOCOL', 7]);
    assert.match(message, /does not answer as Redis does/);
  });

  test('that never answers is given up', async (t) => {
    const { code, exitCode } = await refused(`redis://127.0.0.1:${await impostor(t, '')}`);
    assert.deepEqual([code, exitCode], ['REDIS_TIMEOUT', 28]);
  });
});

describe('Redis that goes away', { skip: missingRedis() }, () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`by ${signal} and comes back loses and repeats nothing on streams, live or behind`, async (t) => {
      const redis = await RedisServer.start(t);
      const { hub, warnings } = await redis.hub(t);
      const live = await join(hub, 'a');
      for (const data of ['1', '2', '3']) await publish(hub, data);
      // Only of a channel that is further on is a stream with the first event behind.
      await until(() => live.data.length === 3);
      const behind = await join(hub, 'a', '0', 1);
      await until(() => behind.awaited);

      await redis.signal(signal);
      await until(() => warnings.length === 1);
      assert.match(warnings[0] ?? '', /^redis:\/\/127.* is out of reach \(.*\): streams stay open/);
      const outOfReach = /^Redis is out of reach \(.*\): nothing has been /;
      await assert.rejects(hub.publish(['a'], { data: 'x' }), unavailable(outOfReach));
      await assert.rejects(hub.locate(['a'], live.ids[0] ?? ''), unavailable(outOfReach));
      behind.allow(1);

      await redis.run();
      await publish(hub, '4');
      behind.allow(100);
      await until(() => live.data.length === 4 && behind.data.length === 4);
      await publish(hub, '5');
      await until(() => live.data.length === 5 && behind.data.length === 5);
      assert.deepEqual([live.data, behind.data], [[...'12345'], [...'12345']]);
      assert.deepEqual(behind.ids, live.ids);
      assert.equal(warnings.length, 2);
      assert.match(warnings[1] ?? '', / is back after \d+\.\d s/);
    });
  }

  test('without having kept its data goes on with what is new', async (t) => {
    const redis = await RedisServer.start(t, ['--appendonly', 'no']);
    const { hub } = await redis.hub(t);
    const reader = await join(hub, 'a');
    await publish(hub, '1');
    await until(() => reader.data.length === 1);
    await redis.signal('SIGKILL');
    await redis.run();
    await publish(hub, '2');
    await until(() => reader.data.length === 2);
    assert.equal((await hub.locate(['a'], reader.ids[0] ?? '')).found, false);
    assert.equal((await hub.locate(['a'], reader.ids[1] ?? '')).found, true);
  });

  test('as far as some connections are concerned is asked anew by them', async (t) => {
    const redis = await RedisServer.start(t);
    const { hub } = await redis.hub(t, { pubsub: true });
    const reader = await join(hub, 'a');
    for (let count = 1; count <= 5; count += 1) {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await publish(hub, String(count));
      await until(() => reader.data.length === count);
    }
    assert.deepEqual(reader.data, [...'12345']);
    await until(async () => Number(await redis.command('PUBLISH', 'sse:a', 'message')) === 1);
    await until(() => reader.data.at(-1) === 'message');
  });

  test('with the answer to a publish has stored it once, and nobody sends it again', async (t) => {
    const redis = await RedisServer.start(t);
    const link = await lossyLink(t, redis.port);
    const { hub } = await redis.hub(t, { url: `redis://127.0.0.1:${link.port}` });
    const reader = await join(hub, 'a');
    link.losing = true;
    await assert.rejects(
      hub.publish(['a'], { data: '1' }),
      unavailable(/^Redis is out of reach \(.*\): it may have been published, or not$/),
    );
    await assert.rejects(hub.publish(['a'], { data: 'x' }), unavailable(/nothing has been published$/));
    link.losing = false;
    await publish(hub, '2');
    await until(() => reader.data.length === 2);
    assert.deepEqual(reader.data, ['1', '2']);
    assert.equal(await redis.command('XLEN', 'sse:a'), 2);
  });

  test('by hanging is noticed; when it goes on, all goes on', async (t) => {
    const redis = await RedisServer.start(t);
    const { hub, warnings } = await redis.hub(t);
    const reader = await join(hub, 'a');
    await redis.signal('SIGSTOP');
    const publishing = assert.rejects(
      hub.publish(['a'], { data: '1' }),
      unavailable(/^Redis is out of reach \(no answer\): it may have been published, or not$/),
    );
    await publishing;
    assert.equal(warnings.length, 1);
    await assert.rejects(hub.publish(['a'], { data: 'x' }), unavailable(/nothing has been published$/));
    await redis.signal('SIGCONT');
    await publish(hub, '2');
    await until(() => reader.data.length === 2);
    assert.deepEqual(reader.data, ['1', '2']);
  });

  test('stays away: closing the hub ends all attempts', async (t) => {
    const redis = await RedisServer.start(t);
    const { hub, warnings } = await redis.hub(t);
    await join(hub, 'a');
    await redis.signal('SIGKILL');
    await until(() => warnings.length === 1);
    await hub.close();
    await redis.run();
    const clients = String(await redis.command('CLIENT', 'LIST'));
    assert.doesNotMatch(clients, /name=ssekit/);
  });
});

describe('a server that is started anew', { skip: missingRedis() }, () => {
  test('has what its streams had not yet', async (t) => {
    const redis = await RedisServer.start(t);
    const first = await redis.hub(t);
    const reader = await join(first.hub, 'a');
    for (const data of ['1', '2']) await publish(first.hub, data);
    await until(() => reader.data.length === 2);
    await first.hub.close();
    await redis.command('XADD', 'sse:a', '*', 'data', '3');
    const second = await redis.hub(t);
    const resumed = await join(second.hub, 'a', reader.ids.at(-1));
    await publish(second.hub, '4');
    await until(() => resumed.data.length === 2);
    assert.deepEqual([...reader.data, ...resumed.data], ['1', '2', '3', '4']);
  });
});
