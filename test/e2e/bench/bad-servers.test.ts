import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { RawConnection } from '../harness/raw-connection.ts';
import { rawServer } from '../harness/raw-server.ts';
import { answer, LAST_CHUNK, streamHead } from '../harness/wire.ts';
import { EndlessRun, startBench } from './run.ts';

/** Two starts, and none after them. */
const TWO_STREAMS = ['--stages', '100ms:40/s,0s:0/s,1h:0/s', '--workers', '1'];

const WAYS: Readonly<Record<string, (client: RawConnection) => Promise<void>>> = {
  async '/mute'() {},
  async '/garbage'(client) {
    await client.write('\0\x01 SSH-2.0-nothing\r\n\r\n');
  },
  async '/garbage-in-body'(client) {
    await client.write(`${streamHead.chunked}9\r\ndata: 1\n\n\r\nnonsense\r\n`);
  },
  async '/503'(client) {
    await client.write(answer('503 Service Unavailable'));
    client.finish();
  },
  async '/429'(client) {
    await client.write(answer('429 Too Many Requests', { 'Retry-After': '1' }));
    client.finish();
  },
  async '/closes'(client) {
    await client.write(`${streamHead.chunked}${LAST_CHUNK}`);
    client.finish();
  },
  async '/closes-after-an-event'(client) {
    await client.write(`${streamHead.close}retry: 0\ndata: 1\n\n`);
    client.finish();
  },
};

describe('bench against servers that misbehave', { concurrency: 3 }, () => {
  test('counts each kind of failure, and hammers none of them', async (t) => {
    const paths = Object.keys(WAYS);
    const { url, requests } = await rawServer(t, async (client) => {
      const { target } = await client.request();
      await WAYS[target]?.(client);
    });
    const urls = [...paths.map((path) => `${url}${path}`), 'http://127.0.0.1:1/'];
    const asked = (path: string) => requests.filter(({ target }) => target === path).length;
    const waits = ['--retry-delay', '300ms', '--retry-max', '600ms'];
    const run = new EndlessRun(t, ...urls, '-c', String(urls.length), ...waits);
    const again = paths.slice(1);
    await run.until(() => again.every((path) => asked(path) >= 3), 'three attempts of each');
    const { counts, endings, errors, censored, shortestCut, series } = await run.end();
    const lastedMs = series.at(-1)?.to ?? Number.NaN;
    const atMost = (path: string, everyMs: number) => {
      const most = 1 + Math.floor(lastedMs / everyMs);
      assert.ok(asked(path) <= most, `${path}: ${asked(path)} times in ${lastedMs} ms`);
    };

    // URLs share the streams evenly, and a stream stays with its own.
    assert.deepEqual([counts.started, counts.open], [urls.length, urls.length]);
    assert.equal(asked('/mute'), 1);
    // Failures are waited for longer each time, and what Retry-After asks for is heeded. Streams that were open are
    // asked for again after the base, be it 0: no hot loop.
    for (const path of ['/garbage', '/503', '/closes', '/garbage-in-body']) atMost(path, 300);
    atMost('/429', 1_000);
    atMost('/closes-after-an-event', 50);

    // What was asked for last may not have been answered.
    const near = (seen: number, expected: number) =>
      assert.ok(Math.abs(seen - expected) <= 2, `${seen}, not ${expected}`);
    near(endings.status, asked('/503') + asked('/429'));
    near(endings.protocol, asked('/garbage') + asked('/garbage-in-body'));
    const opened = asked('/closes') + asked('/closes-after-an-event');
    near(endings.eof, opened);
    assert.ok(endings.connect_error >= 1);
    near(counts.events, asked('/closes-after-an-event') + asked('/garbage-in-body'));
    near(counts.outages, opened + asked('/garbage-in-body'));
    const codes = errors.map(({ code }) => code).sort();
    assert.deepEqual(codes, ['ECONNREFUSED', 'HTTP_STATUS', 'HTTP_STATUS', 'NOT_HTTP']);
    assert.ok((censored.time_to_headers?.longest ?? 0) > lastedMs / 2);
    assert.ok((shortestCut.protocol ?? Number.NaN) >= 0);
  });

  test('does not take a server for healthy that accepts and never answers', async (t) => {
    const { url } = await rawServer(t, async (client) => {
      await client.request();
    });
    const words = [url, '-c', '3', '--ramp-up', '0s', '--for', '900ms'];
    const { code, stdout } = await startBench(words).ended;
    assert.match(stdout, /3 streams tried for 900 ms, and none was ever accepted/);
    assert.match(stdout, /3 without an answer at the end/);
    assert.match(stdout, /3 attempts were left before the headers came, the longest after [1-9]\S* ms/);
    assert.ok(code === 52 || stdout.includes('INVALID'), `exit ${code}`);
  });

  test('says which streams it refuses, and that nothing could be published', async (t) => {
    const { url } = await rawServer(t, async (client) => {
      await client.request();
      if (client.number % 2 === 0) {
        await client.write(answer('503 Service Unavailable'));
        return client.finish();
      }
      await client.write(`${streamHead.chunked}9\r\ndata: 1\n\n\r\n`);
    });
    const publish = ['--publish', 'http://127.0.0.1:1/publish', '--publish-rate', '10/s'];
    const words = [url, '-c', '4', '--ramp-up', '0s', '--for', '1500ms', ...publish];
    const { code, stdout } = await startBench(words).ended;
    assert.match(
      stdout,
      /4 streams were started in 1\.5 s; 2 were open at the end and 2 were still trying\./,
    );
    assert.match(stdout, /2 never got in; 2 of 4 attempts failed \(50 %\): HTTP 503 Service Unavailable\./);
    assert.match(stdout, /None of the \d+ events could be published: connection refused/);
    assert.match(stdout, / · 10 events\/s published to http:\/\/127\.0\.0\.1:1\/publish · /);
    assert.ok(code === 7 || stdout.includes('INVALID'), `exit ${code}`);
  });

  test('has the streams of a server that dies back when it is there again', async (t) => {
    const streams = 4;
    const script = async (client: RawConnection) => {
      await client.request();
      await client.write(`${streamHead.chunked}9\r\ndata: 1\n\n\r\n`);
    };
    const first = await rawServer(t, script);
    const waits = ['--retry-delay', '50ms', '--retry-max', '100ms'];
    const run = new EndlessRun(t, first.url, '-c', String(streams), ...waits);
    await run.until(() => run.counted('events') === streams, 'an event for each');
    await first.close();
    await run.until(() => run.counted('failedAttempts') >= 2 * streams, 'attempts that fail');
    const second = await rawServer(t, script, { port: first.port });
    await run.until(() => run.counted('events') === 2 * streams, 'each stream to be back');
    const { counts, endings, metrics } = await run.end();
    assert.equal(second.requests.length, streams);
    assert.deepEqual([counts.started, counts.open, counts.outages, counts.opened], [4, 4, 4, 8]);
    assert.ok(endings.connect_error >= streams);
    assert.equal(counts.failedAttempts, endings.connect_error + endings.truncated + endings.reset);
    const { reconnect_time, outage } = metrics;
    assert.deepEqual([reconnect_time?.count, outage?.count], [streams, streams]);
    assert.ok((reconnect_time?.min ?? 0) >= 50);
  });

  test('counts events of 10 MB, and refuses larger ones than it was told to take', async (t) => {
    const { url } = await rawServer(t, async (client) => {
      const { target } = await client.request();
      const event = `data: ${'x'.repeat(target === '/20' ? 20e6 : 10e6)}\n\n`;
      await client.write(`${streamHead.close}${event}${event}`);
    });
    const run = new EndlessRun(t, `${url}/10`, `${url}/20`, ...TWO_STREAMS);
    await run.until(() => run.counted('events') === 2 && run.counted('failed') === 1, 'all events');
    const { counts, errors, generator } = await run.end();
    assert.deepEqual([counts.started, counts.open, counts.failed, counts.events], [2, 1, 1, 2]);
    assert.equal(errors[0]?.code, 'EVENT_TOO_LARGE');
    const { rssMax = Number.NaN } = generator.workers[0] ?? {};
    assert.ok(rssMax < 400e6, `${rssMax} bytes`);
  });

  test('reaches a name of whose addresses one refuses, and one where packets vanish', async (t) => {
    const { port } = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.close}data: 1\n\n`);
    });
    await blackHole(t, '127.0.0.2', port);
    const run = new EndlessRun(
      t,
      ...[`http://vanish.test:${port}`, `http://refuse.test:${port}`, ...TWO_STREAMS],
      ...['--resolve', `vanish.test:${port}:127.0.0.2,127.0.0.1`],
      ...['--resolve', `refuse.test:${port}:127.0.0.3,127.0.0.1`],
    );
    await run.until(() => run.counted('events') === 2, 'an event for each');
    const { counts, metrics } = await run.end();
    assert.deepEqual([counts.attempts, counts.failedAttempts, counts.events], [2, 0, 2]);
    // What the first address took is part of the time to connect.
    assert.ok((metrics.time_to_tcp?.max ?? 0) >= 200);
    assert.ok((metrics.time_to_tcp?.min ?? Number.NaN) < 200);
  });
});

/** A port whose packets are dropped: nobody accepts there, and the queue of connections is full. */
async function blackHole(test: TestContext, host: string, port: number): Promise<void> {
  const listener = `require('net').createServer().listen({ host: '${host}', port: ${port}, backlog: 1 }, () => console.log())`;
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  test.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  for (;;) {
    const socket = connect({ host, port });
    test.after(() => socket.destroy());
    const connected = once(socket, 'connect').then(() => true);
    if (!(await Promise.race([connected, pause(100, false)]))) return;
  }
}
