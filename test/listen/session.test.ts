import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { requestOf } from '../client/recorded-attempt.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { until } from '../e2e/harness/until.ts';
import { answer, chunk, streamHead } from '../e2e/harness/wire.ts';
import { listen, listenOptions, Told } from './http-case.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };

/** Answers each connection with one of the answers; those beyond the last get the last. */
function answers(...all: string[]) {
  return async (client: RawConnection) => {
    await client.request();
    await client.write(all[Math.min(client.number, all.length) - 1] ?? '');
    client.finish();
  };
}

const stream = (body: string) => answer('200 OK', EVENT_STREAM, body);
const once = { retries: 0, retryDelayMs: 10, retryMaxMs: 20 };
const quick = { ...once, retries: Number.POSITIVE_INFINITY };

describe('a session', () => {
  test('reads one connection where nothing else is asked for', async (t) => {
    const server = await rawServer(t, answers(stream('data: a\n\n')));
    const { told, exitCode } = await listen(listenOptions(server.url, { reconnect: once }));
    assert.equal(exitCode, 0);
    assert.equal(server.connections, 1);
    assert.deepEqual(told.reconnects, []);
    assert.equal(told.summaryTold?.exit, 0);
  });

  test('leaves at the event that was awaited, and says by what', async (t) => {
    const server = await rawServer(t, answers(stream('data: a\n\ndata: b\n\ndata: c\n\n')));
    const { told, exitCode } = await listen(listenOptions(server.url, { stop: { untilData: ['b'] } }));
    assert.equal(exitCode, 0);
    assert.deepEqual(
      told.events.map((event) => event.data),
      ['a', 'b'],
    );
    assert.equal(told.closes.at(-1)?.by, 'until');
  });

  test('looks for what was awaited among events that are not shown', async (t) => {
    const server = await rawServer(t, answers(stream('event: done\ndata: x\n\n')));
    const { told, exitCode } = await listen(
      listenOptions(server.url, {
        stop: { untilEvent: ['done'] },
        filters: { event: ['other'], excludeEvent: [], grep: [] },
      }),
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(told.events, []);
  });

  test('waits exactly the base after a stream, and longer after each failure', async (t) => {
    const server = await rawServer(
      t,
      answers(
        stream('retry: 60\ndata: a\n\n'),
        answer('503 Busy'),
        answer('503 Busy'),
        stream('data: b\n\n'),
      ),
    );
    const { told } = await listen(
      listenOptions(server.url, { reconnect: { ...quick, retryMaxMs: 1000 }, stop: { maxEvents: 2 } }),
    );
    const [first, second, third] = told.reconnects;
    assert.deepEqual([first?.delayMs, first?.cause], [60, 'base']);
    assert.ok(second !== undefined && second.delayMs > 60 && second.delayMs <= 200);
    assert.equal(second.cause, 'backoff');
    assert.ok(third !== undefined && third.delayMs > 120 && third.delayMs <= 400);
    assert.deepEqual(told.summaryTold?.browserWouldStop, [503, 503]);
    const [outage] = told.summaryTold?.outages ?? [];
    assert.ok(outage !== undefined);
    const { backoff, failedAttempts, reconnectHeaders = 0, reconnectTime = 0 } = outage;
    assert.ok(Math.abs(backoff + failedAttempts + reconnectHeaders - reconnectTime) < 1e-6);
    assert.equal(outage.attempts, 3);
  });

  test('warns where it waits for less than Retry-After asks', async (t) => {
    const server = await rawServer(t, answers(answer('503 Busy', { 'Retry-After': '86400' })));
    const { told } = await listen(listenOptions(server.url, { reconnect: quick, stop: { forMs: 200 } }));
    assert.deepEqual(told.warnings, ['retry-after-clamped']);
    assert.deepEqual(
      told.reconnects.map(({ delayMs, cause }) => [delayMs, cause]),
      [[3_600_000, 'retry-after']],
    );
  });

  test('fails when the time of --for is over and nothing ever opened', async (t) => {
    const busy = await rawServer(t, answers(answer('503 Busy')));
    const waiting = await listen(listenOptions(busy.url, { stop: { forMs: 200 } }));
    assert.equal(waiting.exitCode, 5);
    assert.deepEqual(waiting.told.failures, ['HTTP_STATUS']);
    const silent = await rawServer(t, (client) => client.left());
    const asking = await listen(listenOptions(silent.url, { stop: { forMs: 200 } }));
    assert.equal(asking.exitCode, 28);
    assert.equal(asking.told.consequences.at(-1)?.failure?.code, 'NOT_OPENED');
    assert.deepEqual(asking.told.failures, []);
  });

  test('says of each end whether it ends the run, and what failed with it', async (t) => {
    const server = await rawServer(t, answers(answer('503 Busy'), stream('retry: 1\n\n'), answer('204 No')));
    const { told } = await listen(listenOptions(server.url, { reconnect: quick }));
    assert.deepEqual(
      told.consequences.map(({ final, failure }) => [final, failure?.code]),
      [
        [false, 'HTTP_STATUS'],
        [false, undefined],
        [true, 'NO_CONTENT'],
      ],
    );
    assert.deepEqual(told.failures, []);
  });

  test('tells a failure under --silent as well', async (t) => {
    const server = await rawServer(t, answers(stream('')));
    const { told } = await listen(listenOptions(server.url, { reconnect: once, silent: true }));
    assert.deepEqual(told.failures, ['NO_EVENT']);
  });

  test('gives up after so many failures in a row, with the last one', async (t) => {
    const server = await rawServer(t, answers(stream('retry: 1\ndata: a\n\n'), answer('503 Busy')));
    const { told, exitCode } = await listen(
      listenOptions(server.url, { reconnect: { retries: 2, retryDelayMs: 1, retryMaxMs: 1 } }),
    );
    assert.equal(exitCode, 5);
    assert.equal(server.connections, 3);
    assert.equal(told.reconnects.length, 2);
  });

  test('never asks in a hot loop, whatever retry: says', async (t) => {
    const server = await rawServer(t, answers(stream('retry: 0\n\n')));
    await listen(listenOptions(server.url, { reconnect: quick, stop: { forMs: 450 } }));
    assert.ok(server.connections >= 2 && server.connections <= 6, `${server.connections} connections`);
  });

  test('says once that the body is sent again', async (t) => {
    const server = await rawServer(t, answers(stream('retry: 1\ndata: a\n\n')));
    const request = requestOf(server.url, { method: 'POST', body: Buffer.from('{}') });
    const { told } = await listen(
      listenOptions(server.url, {
        source: { kind: 'http', request },
        reconnect: quick,
        stop: { maxEvents: 3 },
      }),
    );
    assert.equal(told.warnings.filter((code) => code === 'body-resent').length, 1);
    assert.deepEqual(
      server.requests.map(({ method, body }) => `${method} ${body}`),
      ['POST {}', 'POST {}', 'POST {}'],
    );
  });

  test('ends between two attempts when its time is over', async (t) => {
    const server = await rawServer(t, answers(stream('data: a\n\n')));
    const { exitCode, told } = await listen(listenOptions(server.url, { stop: { forMs: 600 } }));
    assert.equal(exitCode, 0);
    assert.equal(server.connections, 1);
    assert.equal(told.closes.length, 1);
  });

  test('fails when the time limit is reached', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked + chunk('data: a\n\n'));
      await client.left();
    });
    const { exitCode, told } = await listen(
      listenOptions(server.url, { format: 'ndjson', stop: { maxTimeMs: 150 } }),
    );
    assert.equal(exitCode, 28);
    assert.equal(told.consequences.at(-1)?.failure?.code, 'MAX_TIME');
    assert.equal(told.closes[0]?.by, 'max-time');
  });

  test('lets a slow reader of its output hold up the server', async (t) => {
    const line = 'x'.repeat(64 * 1024);
    const many = 300;
    let taken = 0;
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(streamHead.chunked);
      for (; taken < many; taken++) await client.write(chunk(`data: ${line}\n\n`));
      client.finish();
    });
    const told = new Told();
    told.printed = (event) => `${event.data}\n`;
    const stdout = new PassThrough();
    const listening = listen(listenOptions(server.url, { stop: { maxEvents: many } }), { stdout }, told);
    let [last, since] = [-1, performance.now()];
    await until(() => {
      if (taken !== last) [last, since] = [taken, performance.now()];
      return performance.now() - since > 150;
    });
    assert.ok(taken < many, 'the server could send everything');
    assert.ok(stdout.readableLength + stdout.writableLength < 40 * line.length);
    let bytes = 0;
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const { exitCode } = await listening;
    assert.equal(exitCode, 0);
    await until(() => bytes === many * (line.length + 1));
  });

  test('reads a stream from standard input, and judges its end as any other', async () => {
    const source = { kind: 'stdin', maxEventSizeBytes: 1024 } as const;
    const run = (body: string) =>
      listen(listenOptions('http://unused.example', { source, reconnect: once }), {
        stdin: Readable.from([Buffer.from(body)]),
      });
    const whole = await run('data: a\n\n');
    assert.equal(whole.exitCode, 0);
    assert.deepEqual(
      whole.told.events.map((event) => event.data),
      ['a'],
    );
    assert.equal((await run('data: a\n\ndata: b')).exitCode, 18);
    assert.equal((await run('')).exitCode, 52);
    assert.equal((await run(`data: ${'x'.repeat(2000)}\n\n`)).exitCode, 12);
  });

  test('takes its signal handlers away when it ends', async (t) => {
    const before = process.listenerCount('SIGINT');
    const server = await rawServer(t, answers(stream('data: a\n\n')));
    await listen(listenOptions(server.url, { reconnect: once }));
    assert.equal(process.listenerCount('SIGINT'), before);
  });
});
