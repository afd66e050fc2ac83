import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { missingRedis, RedisServer } from '../../real/redis-server.ts';
import { certificates, pemFiles } from '../harness/certificates.ts';
import { type RunningCli, runCli, startCli } from '../harness/cli.ts';
import { startMock } from '../harness/mock.ts';
import { ids, recordsOfType } from '../harness/records.ts';
import { until } from '../harness/until.ts';

const data = (run: { stdout: string }) => recordsOfType(run, 'event').map((event) => event.data);

async function publish(url: string, text: string): Promise<number> {
  const headers = { 'Content-Type': 'text/plain' };
  return (await fetch(`${url}publish`, { method: 'POST', headers, body: text })).status;
}

/** As soon as it can be. */
const published = (url: string, text: string) => until(async () => (await publish(url, text)) === 200);

/** A tail that comes back whatever happens, and has opened. */
async function following(test: TestContext, url: string, events: number): Promise<RunningCli> {
  const flags = ['--follow', '--retry-delay', '30ms', '--retry-max', '200ms', '--format', 'ndjson'];
  const cli = startCli(['listen', url, '-n', String(events), ...flags], { deadlineMs: 60_000 });
  test.after(() => cli.signal('SIGKILL'));
  await cli.printed(/"type":"open"/);
  return cli;
}

const has = (cli: RunningCli, events: number) => until(() => data(cli).length >= events);

const numbers = (to: number) => Array.from({ length: to }, (_, index) => String(index + 1));

describe('ssekit serve-mock --redis', { skip: missingRedis() }, () => {
  const quiet = ['--preset', 'quiet', '--redis'];

  test('is one server of many: what is published on one is on all, with the same ids', async (t) => {
    const redis = await RedisServer.start(t);
    const [one, other] = [await startMock(t, ...quiet, redis.url), await startMock(t, ...quiet, redis.url)];
    const [first, second] = [await following(t, one.url, 3), await following(t, other.url, 3)];
    await published(one.url, '1');
    await published(other.url, '2');
    await redis.command('XADD', 'sse:global', '*', 'event', 'note', 'data', '3');
    const [run, otherRun] = [await first.ended, await second.ended];
    assert.deepEqual(data(run), ['1', '2', '3']);
    assert.deepEqual(ids(run), ids(otherRun));
    assert.equal(recordsOfType(run, 'event').at(-1)?.event, 'note');
    // Where one stopped, the other goes on.
    const resumed = ['listen', other.url, '-n', '2', '--last-event-id', String(ids(run)[0])];
    assert.deepEqual(data(await runCli([...resumed, '--format', 'ndjson'])), ['2', '3']);
  });

  test('loses and repeats nothing while servers are killed and started anew', async (t) => {
    const redis = await RedisServer.start(t);
    const steady = await startMock(t, ...quiet, redis.url);
    let shaky = await startMock(t, ...quiet, redis.url);
    const { url } = shaky;
    const port = ['--port', new URL(url).port];
    const listener = await following(t, url, 60);
    for (const text of numbers(60)) {
      const isGone = Number(text) % 20 === 10;
      if (isGone) {
        shaky.cli.signal('SIGKILL');
        await shaky.cli.gone;
      }
      await published(steady.url, text);
      if (isGone) shaky = await startMock(t, ...quiet, redis.url, ...port);
    }
    assert.deepEqual(data(await listener.ended), numbers(60));
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`keeps its streams through a restart of Redis by ${signal}, and says what happened`, async (t) => {
      const redis = await RedisServer.start(t);
      const { url, cli } = await startMock(t, ...quiet, redis.url);
      const listener = await following(t, url, 4);
      await published(url, '1');
      await published(url, '2');
      await has(listener, 2);
      await redis.signal(signal);
      await cli.logged(/redis:\/\/127\.0\.0\.1:\d+ is out of reach \(.*\): streams stay open/);
      const refused = await fetch(`${url}publish`, { method: 'POST', body: 'x' });
      assert.equal(refused.status, 503);
      assert.ok(Number(refused.headers.get('retry-after')) >= 1);
      assert.equal((await fetch(url, { headers: { 'Last-Event-ID': '5-0' } })).status, 503);
      await redis.run();
      await cli.logged(/is back after \d/);
      await published(url, '3');
      await published(url, '4');
      const run = await listener.ended;
      assert.deepEqual(data(run), numbers(4));
      assert.equal(recordsOfType(run, 'open').length, 1);
      assert.equal(cli.stderr.match(/out of reach/g)?.length, 1);
    });
  }

  test('tells a client that its id has left the buffer', async (t) => {
    const redis = await RedisServer.start(t);
    const { url } = await startMock(t, ...quiet, redis.url, '--buffer', '1', '--on-lost-id', '204');
    for (const text of numbers(250)) await publish(url, text);
    const [[first]] = (await redis.command('XRANGE', 'sse:global', '-', '+', 'COUNT', 1)) as [[string]];
    const answer = async (id: string) => {
      const ending = new AbortController();
      const { status } = await fetch(url, { headers: { 'Last-Event-ID': id }, signal: ending.signal });
      ending.abort();
      return status;
    };
    assert.equal(await answer('5-0'), 204);
    assert.equal(await answer(first), 200);
  });

  test('relays Pub/Sub where it is asked to', async (t) => {
    const redis = await RedisServer.start(t);
    const { url } = await startMock(t, ...quiet, redis.url, '--redis-pubsub');
    const listener = await following(t, `${url}?channel=news`, 1);
    const message = JSON.stringify({ event: 'note', data: { n: 1 }, id: 'x' });
    await until(async () => Number(await redis.command('PUBLISH', 'sse:news', message)) === 1);
    const [event] = recordsOfType(await listener.ended, 'event');
    assert.deepEqual([event?.event, event?.data, event?.id], ['note', '{"n":1}', undefined]);
  });

  test('speaks TLS with a Redis whose certificate is trusted', async (t) => {
    const { ca, leaf } = await certificates();
    const files = pemFiles({ ca: ca.cert, cert: leaf.cert, key: leaf.key });
    const tls = ['--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-ca-cert-file', files.ca];
    const redis = await RedisServer.start(t, ['--tls-port', '0', ...tls, '--tls-auth-clients', 'no']);
    await redis.command('CONFIG', 'SET', 'tls-port', redis.port + 1);
    const url = `rediss://localhost:${redis.port + 1}`;
    const distrusted = await runCli(['serve-mock', '--port', '0', '--redis', url]);
    assert.equal(distrusted.code, 60);
    assert.match(distrusted.stderr, /NODE_EXTRA_CA_CERTS/);
    const trusting = startCli(['serve-mock', '--port', '0', ...quiet, url], {
      env: { NODE_EXTRA_CA_CERTS: files.ca },
    });
    await trusting.printed(/^ready /m);
    const own = /^ready (\S+)/m.exec(trusting.stdout)?.[1] ?? '';
    assert.equal(await publish(own, 'x'), 200);
    assert.equal(await redis.command('XLEN', 'sse:global'), 1);
    trusting.signal('SIGINT');
    assert.equal((await trusting.ended).code, 0);
  });

  const failing: readonly [what: string, flags: string[], code: number, message: RegExp][] = [
    [
      'a Redis that isn’t there',
      ['redis://:hunter2@127.0.0.1:1'],
      7,
      /connection refused by 127\.0\.0\.1:1\n.*redis-server --port 1/,
    ],
    [
      'what is no URL',
      ['127.0.0.1:6379'],
      2,
      /--redis: "127\.0\.0\.1:6379" is no URL of a Redis\n.*redis:\/\/HOST:PORT/,
    ],
    [
      'the URL of something else',
      ['http://:hunter2@localhost/'],
      2,
      /--redis: "http:\/\/:•••@localhost\/" is no URL/,
    ],
  ];
  for (const [what, flags, code, message] of failing) {
    test(`does not start with ${what}`, async () => {
      const run = await runCli(['serve-mock', '--port', '0', '--redis', ...flags]);
      assert.equal(run.code, code);
      assert.match(run.stderr, message);
      assert.doesNotMatch(run.stderr, /hunter2|\n {4}at /);
      assert.equal(run.stdout, '');
    });
  }

  test('does not start with a wrong password', async (t) => {
    const redis = await RedisServer.start(t, ['--requirepass', 'right']);
    const url = `redis://:hunter2@127.0.0.1:${redis.port}`;
    const run = await runCli(['serve-mock', '--port', '0', '--redis', url]);
    assert.equal(run.code, 7);
    assert.match(run.stderr, /redis:\/\/:•••@.*: Redis did not accept the user or the password/);
    assert.doesNotMatch(run.stderr, /hunter2/);
  });

  test('ends at once on Ctrl-C, also when Redis is away', async (t) => {
    const redis = await RedisServer.start(t);
    const { url, cli } = await startMock(t, ...quiet, redis.url);
    await following(t, url, 1);
    await redis.signal('SIGKILL');
    await cli.logged(/out of reach/);
    cli.signal('SIGINT');
    assert.equal((await cli.ended).code, 0);
  });
});
