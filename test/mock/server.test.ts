import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import type { Handler } from '../../src/mock/answer.ts';
import { createMemoryHub } from '../../src/mock/channels/memory-hub.ts';
import type { MockConfig } from '../../src/mock/config.ts';
import { mockDefaults } from '../../src/mock/defaults.ts';
import { parseFaults } from '../../src/mock/faults/parse.ts';
import { numbered } from '../../src/mock/numbered.ts';
import type { MockObserver, StreamSummary } from '../../src/mock/observer.ts';
import { type MockServer, startMockServer } from '../../src/mock/server.ts';
import { oneRoute } from '../../src/mock/site.ts';
import type { Step } from '../../src/mock/step.ts';
import { until } from '../e2e/harness/until.ts';

describe('the mock server', () => {
  let server: MockServer;
  let ended: StreamSummary[];
  const start = async (handler: Handler = countTo(3), config: Partial<MockConfig> = {}) => {
    const summaries: StreamSummary[] = [];
    ended = summaries;
    const observer: MockObserver = { closed: (_, summary) => summaries.push(summary) };
    const site = oneRoute(handler);
    server = await startMockServer({ ...mockDefaults(), hub: createMemoryHub(), site, observer, ...config });
    return server.url;
  };
  afterEach(() => server.close());

  test('answers any path with the headers that keep a stream flowing', async () => {
    const { response, body } = await read(`${await start()}any/path?x=1`);
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/event-stream');
    assert.equal(response.headers['cache-control'], 'no-cache, no-transform');
    assert.equal(response.headers['x-accel-buffering'], 'no');
    assert.match(body, /^: stream opened\n/);
  });

  test('counts ids from 1 and ends the transfer in order behind the last event', async () => {
    const { response, body } = await read(await start());
    assert.deepEqual(body.match(/^id: .*$/gm), ['id: 1', 'id: 2', 'id: 3']);
    assert.equal(response.complete, true);
    await until(() => ended.length === 1);
    assert.deepEqual(
      { ...ended[0], durationMs: 0, bytes: 0 },
      { end: 'eof', events: 3, bytes: 0, durationMs: 0, streams: 0 },
    );
  });

  test('sends its headers before the first event', async () => {
    const response = await open(await start(after(60_000)));
    assert.equal(response.statusCode, 200);
    response.destroy();
  });

  test('resumes behind Last-Event-ID, and behind ?lastEventId where there is no header', async () => {
    const url = await start();
    const { body } = await read(url, { 'Last-Event-ID': '2' });
    assert.deepEqual(body.match(/^id: .*$/gm), ['id: 3']);
    assert.deepEqual((await read(`${url}?lastEventId=1`)).body.match(/^id: .*$/gm), ['id: 2', 'id: 3']);
  });

  test('tells who has had everything that there is no more', async () => {
    const { response } = await read(await start(), { 'Last-Event-ID': '3' });
    assert.equal(response.statusCode, 204);
  });

  test('starts over, and says so, for an id that it never gave', async () => {
    const { body } = await read(await start(), { 'Last-Event-ID': 'abc' });
    assert.match(body, /^: there is no event "abc" here/m);
    assert.match(body, /^id: 1$/m);
  });

  test('tells a client with such an id to stop, or to drop its state, where it is told to', async () => {
    await start(countTo(3), { onLostId: '204' });
    assert.equal((await read(server.url, { 'Last-Event-ID': 'abc' })).response.statusCode, 204);
    await server.close();
    await start(countTo(3), { onLostId: 'reset' });
    const { body } = await read(server.url, { 'Last-Event-ID': 'abc' });
    assert.match(body, /^id: \nevent: reset\ndata: \{"lastEventId":"abc"\}\n\nid: 1$/m);
  });

  test('sends a comment when it has nothing to say', async () => {
    const response = await open(await start(after(60_000), { heartbeatMs: 5 }));
    let text = '';
    response.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    await until(() => text.includes(': keep-alive\n: keep-alive\n'));
    response.destroy();
  });

  test('drops a reader that holds too much at once, and no other notices', async () => {
    const big = 'x'.repeat(64 * 1024);
    const url = await start(numbered(() => ({ afterMs: 1, event: { data: big } })));
    const reader = await open(url);
    reader.resume();
    const stalled = await stalledReader(url);
    await until(() => ended.length === 1);
    assert.equal(ended[0]?.end, 'stalled');
    assert.equal(server.streams, 1);
    // What the kernel took in both directions, and what the reader may hold.
    assert.ok((ended[0]?.bytes ?? 0) < 64 * 1024 ** 2, `${ended[0]?.bytes} bytes`);
    reader.destroy();
    stalled.destroy();
  });

  test('sends a reader who takes it an event that is larger than a reader may hold', async () => {
    const large = 'x'.repeat(3 * 1024 ** 2);
    const { body, response } = await read(
      await start(numbered(() => ({ afterMs: 20, event: { data: large } }), 2)),
    );
    assert.equal(response.complete, true);
    assert.equal(
      body
        .match(/x+/g)
        ?.map((each) => each.length)
        .join(),
      `${large.length},${large.length}`,
    );
  });

  test('lets a burst wait for its reader', async () => {
    const big = 'x'.repeat(64 * 1024);
    let made = 0;
    const burst = numbered(() => {
      made += 1;
      return { afterMs: 0, event: { data: big } };
    });
    const stalled = await stalledReader(await start(burst));
    let before = -1;
    await until(() => {
      const still = made === before && made > 0;
      before = made;
      return still;
    });
    assert.equal(server.streams, 1);
    assert.ok(made < 1_000, `${made} events of 64 KB were made for a client that reads nothing`);
    stalled.destroy();
  });

  const broken: readonly [how: string, steps: () => Generator<Step, void>][] = [
    [
      'throws',
      function* () {
        yield { kind: 'event', afterMs: 0, event: { data: 'one' } };
        throw new Error('out of steps');
      },
    ],
    [
      'makes an event that throws',
      function* () {
        yield { kind: 'event', afterMs: 1, event: () => assert.fail('out of steps') };
      },
    ],
    [
      'throws at once',
      // biome-ignore lint/correctness/useYield: that is what is tested
      function* () {
        throw new Error('out of steps');
      },
    ],
  ];
  for (const [how, steps] of broken) {
    test(`resets the stream of a schedule that ${how}, and no other`, async () => {
      const warnings: string[] = [];
      const fine = countTo(1_000);
      const handler: Handler = (request) =>
        request.path === '/broken' ? { kind: 'stream', schedule: steps() } : fine(request);
      const observer = { warned: (message: string) => warnings.push(message) };
      const url = await start(handler, { observer });
      const other = await open(url);
      let seen = 0;
      other.on('data', () => {
        seen += 1;
      });
      await assert.rejects(read(`${url}broken`), { code: 'ECONNRESET' });
      const before = seen;
      await until(() => seen > before + 10);
      assert.deepEqual(warnings, ['a stream was reset, as it could not be made: out of steps']);
      other.destroy();
    });
  }

  test('says once of a stream that events of it can not be sent', async () => {
    const warnings: string[] = [];
    const handler = numbered(
      (n) => ({ afterMs: 1, event: { event: n < 5 ? 'a\nb' : 'fine', data: `${n}` } }),
      6,
    );
    const url = await start(handler, { observer: { warned: (message) => warnings.push(message) } });
    assert.deepEqual((await read(url)).body.match(/^data: .*$/gm), ['data: 5', 'data: 6']);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^an event was left out, as the like of it will be: /);
  });

  test('takes a client that left in the midst of its request for no answer', async () => {
    const seen: string[] = [];
    const observer: MockObserver = {
      answered: (_, status) => seen.push(`answered ${status}`),
      unanswered: (_, why) => seen.push(`unanswered: ${why}`),
    };
    const url = await start(countTo(1), { observer });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"data"');
    socket.once('connect', () => setTimeout(() => socket.destroy(), 50));
    await until(() => seen.length === 1);
    assert.deepEqual(seen, ['unanswered: left']);
  });

  test('counts no HEAD among the connections of a client', async () => {
    const url = await start(countTo(2), { faults: parseFaults(['conn:1:truncate@1']) });
    await fetch(url, { method: 'HEAD' });
    await assert.rejects(read(url));
    assert.equal((await read(url)).response.complete, true);
  });

  test('counts what is published', async () => {
    const url = await start();
    await fetch(`${url}publish`, { method: 'POST', body: 'hi' });
    assert.equal((await fetch(`${url}publish`, { method: 'POST', body: '' })).status, 200);
    assert.match(await (await fetch(`${url}metrics`)).text(), /^ssekit_mock_published_total 2$/m);
  });

  test('forgets a client that left', async () => {
    const response = await open(await start(after(5)));
    assert.equal(server.streams, 1);
    response.destroy();
    await until(() => server.streams === 0);
    assert.equal(ended[0]?.end, 'left');
  });

  test('ends open streams in order when it closes', async () => {
    const response = await open(await start(after(5)));
    response.resume();
    await server.close();
    await until(() => response.complete);
    assert.equal(ended[0]?.end, 'closing');
  });

  test('answers HEAD with the headers of the stream, and no body', async () => {
    const raw = await exchange(await start(), 'HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(raw, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(raw, /\r\nContent-Type: text\/event-stream\r\n/);
    assert.match(raw, /\r\n\r\n$/);
  });

  test('speaks HTTP/1.0 without chunks', async () => {
    const raw = await exchange(await start(), 'GET / HTTP/1.0\r\n\r\n');
    assert.doesNotMatch(raw, /chunked/i);
    assert.match(raw, /\r\n\r\n: stream opened\nid: 1\ndata: event 1\n\n/);
  });

  test('lets what can befall a head befall whole answers too, but not its own', async () => {
    const handler: Handler = () => ({ kind: 'plain', status: 200, body: '{"fine":true}' });
    const url = await start(handler, { faults: parseFaults(['status=503']) });
    assert.equal((await fetch(url)).status, 503);
    assert.equal((await fetch(`${url}healthz`)).status, 200);
    await server.close();
    await start(handler, { faults: parseFaults(['wrong-type=text/html', 'gzip']) });
    const response = await fetch(server.url);
    assert.equal(response.headers.get('content-type'), 'text/html');
    assert.equal(await response.text(), '{"fine":true}');
  });

  test('lets pages of other origins ask and read', async () => {
    const url = await start();
    const asked = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://app.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'last-event-id,authorization',
      },
    });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get('access-control-allow-headers'), 'last-event-id,authorization');
    const { response } = await read(url, { Origin: 'http://app.example' });
    assert.equal(response.headers['access-control-allow-origin'], 'http://app.example');
  });

  test('refuses a stream without the token in JSON, and ends one whose token expires', async () => {
    const url = await start(after(60_000), { auth: { token: 'secret', ttlMs: 50 } });
    const refused = await fetch(url);
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
    assert.match(((await refused.json()) as { error: string }).error, /a token is needed/);
    assert.equal((await fetch(`${url}?token=secretive`)).status, 401);
    const { response } = await read(url, { Authorization: 'Bearer secret' });
    assert.equal(response.complete, true);
    assert.equal(ended[0]?.end, 'expired');
    assert.match(await (await fetch(`${url}?token=secret`)).text(), /has expired/);
    const fresh = await open(url, { Cookie: 'a=b; token=secret%3Aalice' });
    assert.equal(fresh.statusCode, 200);
    fresh.destroy();
  });

  test('gives a user the channel of his own, and nobody else', async () => {
    const hub = createMemoryHub();
    const quiet: Handler = () => ({ kind: 'stream', schedule: [][Symbol.iterator](), hold: true });
    const url = await start(quiet, { auth: { token: 'secret' }, hub });
    const own = await open(`${url}?token=secret:ada`);
    assert.equal((await hub.publish(['user:ada'], { data: 'x' })).streams, 1);
    assert.equal((await fetch(`${url}?token=secret:bob&channel=user:ada`)).status, 403);
    own.destroy();
  });

  test('opens no more streams for a user than the limit allows, until one of them ends', async () => {
    const url = await start(after(60_000), { limit: { maxPerUser: 1 } });
    const first = await open(`${url}?client=a`);
    const second = await fetch(`${url}?client=a`);
    assert.equal(second.status, 429);
    assert.equal(second.headers.get('retry-after'), '1');
    (await open(`${url}?client=b`)).destroy();
    first.destroy();
    await until(() => server.streams === 0);
    (await open(`${url}?client=a`)).destroy();
  });

  test('opens no more than that for requests that come at once', async () => {
    // They are all under way before the first of them is open.
    const faults = parseFaults(['late-headers=50ms']);
    const url = await start(after(60_000), { limit: { maxPerUser: 2 }, faults });
    const answers = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 200, 429, 429, 429, 429]);
    for (const answer of answers) answer.destroy();
    await until(() => server.streams === 0);
    (await open(url)).destroy();
  });

  test('shows its figures and its health', async () => {
    const url = await start();
    await read(url);
    assert.equal(await (await fetch(`${url}healthz`)).text(), 'ok\n');
    const metrics = await (await fetch(`${url}metrics`)).text();
    assert.match(metrics, /^ssekit_mock_streams_opened_total 1$/m);
    assert.match(metrics, /^ssekit_mock_events_sent_total 3$/m);
    assert.match(metrics, /^ssekit_mock_event_lateness_seconds_count 3$/m);
  });
});

function countTo(last: number): Handler {
  return numbered((n) => ({ afterMs: 1, event: { data: `event ${n}` } }), last);
}

function after(ms: number): Handler {
  return numbered(() => ({ afterMs: ms, event: { data: 'x' } }));
}

/** A client that asks, and reads nothing. */
async function stalledReader(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

/** All that comes on a connection until the server ends it. */
async function exchange(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
  socket.write(request);
  let text = '';
  for await (const part of socket) text += part;
  return text;
}

function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject));
}

async function read(url: string, headers: Record<string, string> = {}) {
  const response = await open(url, headers);
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return { response, body };
}
