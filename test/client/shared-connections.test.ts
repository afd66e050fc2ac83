import assert from 'node:assert/strict';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { describe, type TestContext, test } from 'node:test';
import { monotonicMs } from '../../src/client/clock.ts';
import { createPool } from '../../src/client/pool.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { certificates } from '../e2e/harness/certificates.ts';
import { http2Server, respondWithEvents } from '../e2e/harness/http2-server.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { until } from '../e2e/harness/until.ts';
import { answer } from '../e2e/harness/wire.ts';
import { Recording, type RequestChanges, requestOf } from './recorded-attempt.ts';

const EVENT = 'data: one\n\n';
const priorKnowledge = { connection: { http: '2-prior-knowledge' } } as const;

/** A pool whose attempts share connections, and what its attempts tell. */
function sharing(t: TestContext, streamsPerConnection: number) {
  const pool = createPool({ streamsPerConnection });
  t.after(() => pool.close());
  const open = (url: string, changes: RequestChanges = priorKnowledge, localAddress?: string) => {
    const recording = new Recording();
    const start = { lastEventId: '', plannedAt: monotonicMs(), localAddress };
    return { recording, attempt: pool.open(requestOf(url, changes), start, recording) };
  };
  const openMany = (count: number, url: string, changes?: RequestChanges) =>
    Array.from({ length: count }, () => open(url, changes));
  return { pool, open, openMany };
}

const allReceive = (streams: readonly { recording: Recording }[], events = 1) =>
  Promise.all(streams.map(({ recording }) => recording.received(events)));

const allEnd = (streams: readonly { recording: Recording }[]) =>
  Promise.all(streams.map(({ recording }) => recording.ended()));

/** Sends one event, and keeps the stream open. */
const holding = (stream: ServerHttp2Stream) => void respondWithEvents(stream, EVENT);

describe('streams that share connections', () => {
  test('take as many connections as their number asks for', async (t) => {
    const server = await http2Server(t, holding);
    const { openMany } = sharing(t, 4);
    await allReceive(openMany(10, server.url));
    assert.equal(server.sessions.length, 3);
    assert.equal(server.requests.length, 10);
  });

  test('do so over TLS, by ALPN', async (t) => {
    const { leaf } = await certificates();
    const server = await http2Server(t, holding, leaf);
    const { openMany } = sharing(t, 4);
    const streams = openMany(5, server.url, {});
    await allReceive(streams);
    assert.equal(server.sessions.length, 2);
    assert.ok(streams.every(({ recording }) => recording.opens[0]?.tls === 'TLSv1.3'));
  });

  test('tell of the making of a connection on the one that it was made for', async (t) => {
    const { leaf } = await certificates();
    const server = await http2Server(t, holding, leaf);
    const { openMany, open } = sharing(t, 10);
    const streams = openMany(3, server.url, {});
    await allReceive(streams);
    const later = open(server.url, {});
    await later.recording.received(1);
    const [first, ...others] = [...streams, later].map(({ attempt }) => attempt.marks);
    assert.ok(first?.dns !== undefined && first.tcp !== undefined && first.tls !== undefined);
    for (const marks of others) {
      assert.equal(marks.tcp ?? marks.tls ?? marks.dns, undefined);
      assert.ok(marks.start <= (marks.sent ?? 0) && (marks.sent ?? 0) <= (marks.headers ?? 0));
    }
  });

  test('fill the places of those that left before another connection is made', async (t) => {
    const server = await http2Server(t, holding);
    const { open, openMany } = sharing(t, 3);
    const streams = openMany(3, server.url);
    await allReceive(streams);
    streams[1]?.attempt.close('for');
    await open(server.url).recording.received(1);
    assert.equal(server.sessions.length, 1);
    await open(server.url).recording.received(1);
    assert.equal(server.sessions.length, 2);
  });

  test('leave one by one: the server hears of each, the others go on', async (t) => {
    const atServer: ServerHttp2Stream[] = [];
    const server = await http2Server(t, (stream) => {
      atServer.push(stream);
      holding(stream);
    });
    const { openMany } = sharing(t, 3);
    const streams = openMany(3, server.url);
    await allReceive(streams);
    streams[0]?.attempt.close('for');
    const left = () => atServer.filter(({ closed }) => closed);
    await until(() => left().length > 0, 'the server to hear of it');
    assert.deepEqual(
      left().map(({ rstCode }) => rstCode),
      [constants.NGHTTP2_CANCEL],
    );
    for (const stream of atServer) if (!stream.closed) stream.write('data: two\n\n');
    await allReceive(streams.slice(1), 2);
  });

  test('close their connection when the last one left', async (t) => {
    const server = await http2Server(t, holding);
    const { pool, openMany } = sharing(t, 3);
    const streams = openMany(3, server.url);
    await allReceive(streams);
    for (const { attempt } of streams) attempt.close('for');
    await until(
      () => server.sessions[0]?.closed === true,
      () => 'the connection to be closed',
    );
    assert.equal(pool.size, 0);
  });

  test('left while the connection is being made need none', async (t) => {
    const server = await http2Server(t, holding);
    const { open, openMany } = sharing(t, 3);
    const streams = openMany(3, server.url);
    // The one that it is made for leaves: the others get it all the same.
    streams[0]?.attempt.close('for');
    await allReceive(streams.slice(1));
    assert.equal(server.sessions.length, 1);
    assert.deepEqual(server.requests.length, 2);
    assert.equal(streams[0]?.recording.closeInfo?.reason, 'client');
    const gone = openMany(2, server.url);
    for (const { attempt } of gone) attempt.close('for');
    await open(server.url).recording.received(1);
    const { length } = server.requests;
    assert.equal(length, 3);
  });

  test('have connections apart for each origin and each source address', {
    skip: process.platform !== 'linux',
  }, async (t) => {
    const one = await http2Server(t, holding);
    const two = await http2Server(t, holding);
    const { open } = sharing(t, 10);
    const streams = [
      open(one.url),
      open(two.url),
      open(one.url, priorKnowledge, '127.1.2.3'),
      open(one.url, priorKnowledge, '127.1.2.3'),
    ];
    await allReceive(streams);
    assert.deepEqual(one.sessions.map(({ socket }) => socket.remoteAddress).sort(), [
      '127.0.0.1',
      '127.1.2.3',
    ]);
    assert.equal(two.sessions.length, 1);
  });

  test('pause alone: those beside go on, however much the paused one is sent', async (t) => {
    const big = `data: ${'x'.repeat(60_000)}\n\n`;
    let second: ServerHttp2Stream | undefined;
    const server = await http2Server(t, (stream) => {
      if (server.requests.length === 2) second = stream;
      void respondWithEvents(stream, EVENT);
      if (server.requests.length === 1) for (let i = 0; i < 40; i++) stream.write(big);
    });
    const { open } = sharing(t, 2);
    const paused = open(server.url);
    paused.recording.onEvent = () => paused.attempt.pause();
    await paused.recording.received(1);
    const other = open(server.url);
    await other.recording.received(1);
    for (let i = 0; i < 20; i++) second?.write(big);
    await other.recording.received(21);
    assert.ok(paused.recording.events.length < 10, `${paused.recording.events.length} events while paused`);
    paused.recording.onEvent = () => {};
    paused.attempt.resume();
    await paused.recording.received(41);
    assert.equal(server.sessions.length, 1);
  });
});

describe('connections that streams come to and leave', () => {
  test('never have more than they may, are few, and end with the last stream', async (t) => {
    const open = new Map<unknown, number>();
    let most = 0;
    const server = await http2Server(
      t,
      (stream, session) => {
        const count = (open.get(session) ?? 0) + 1;
        open.set(session, count);
        most = Math.max(most, count);
        stream.on('close', () => open.set(session, (open.get(session) ?? 0) - 1));
        holding(stream);
        if (server.requests.length % 7 === 0) setImmediate(() => stream.end());
      },
      undefined,
      { maxConcurrentStreams: 4 },
    );
    const { pool, openMany } = sharing(t, 6);
    const random = seededRandom(7, 'shared connections');
    const all: ReturnType<typeof openMany> = [];
    for (let round = 0; round < 40; round++) {
      all.push(...openMany(Math.ceil(random() * 12), server.url));
      // Some leave at once, while connections are being made, some later, some never.
      for (const { attempt, recording } of all) {
        if (recording.closeInfo === undefined && random() < 0.3) attempt.close('for');
      }
      if (random() < 0.7) await new Promise(setImmediate);
    }
    await allReceive(all.filter(({ recording }) => recording.closeInfo === undefined));
    const errors = all.flatMap(({ recording }) => recording.closeInfo?.error?.message ?? []);
    // Node's server still counts a stream that was reset until the loop has turned, and refuses one that comes meanwhile.
    assert.deepEqual(
      errors.filter((message) => !message.includes('ENHANCE_YOUR_CALM')),
      [],
    );
    assert.ok(most <= 4, `${most} streams on a connection`);
    pool.close();
    await until(
      () => server.sessions.every(({ closed, destroyed }) => closed || destroyed),
      'every connection to be closed',
    );
    assert.equal(pool.size, 0);
    assert.ok(server.sessions.length < server.requests.length, `${server.sessions.length} connections`);
  });
});

describe('the peer of shared connections', () => {
  test('says how many streams it takes: no connection has more', async (t) => {
    const open = new Map<unknown, number>();
    const refused: number[] = [];
    const server = await http2Server(
      t,
      (stream, session) => {
        open.set(session, (open.get(session) ?? 0) + 1);
        holding(stream);
      },
      undefined,
      { maxConcurrentStreams: 3 },
    );
    const { openMany } = sharing(t, 100);
    const streams = openMany(10, server.url);
    await allReceive(streams);
    for (const { recording } of streams) if (recording.closeInfo) refused.push(1);
    assert.deepEqual([...open.values()].sort(), [1, 3, 3, 3]);
    assert.deepEqual(refused, []);
  });

  test('wants no more on a connection (GOAWAY): new streams have another, the old go on', async (t) => {
    const atServer: ServerHttp2Stream[] = [];
    const server = await http2Server(t, (stream) => {
      atServer.push(stream);
      holding(stream);
    });
    const { open, openMany } = sharing(t, 100);
    const old = openMany(2, server.url);
    await allReceive(old);
    const lastTaken = atServer[1]?.id;
    server.sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, lastTaken);
    // Whoever comes before the word of it has reached us may still be put on the old connection.
    const refused: Recording[] = [];
    const arrive = async (): Promise<Recording> => {
      const { recording } = open(server.url);
      await until(() => recording.events.length > 0 || recording.closeInfo !== undefined);
      if (recording.closeInfo === undefined) return recording;
      refused.push(recording);
      return arrive();
    };
    const latest = await arrive();
    for (const { closeInfo } of refused)
      assert.match(closeInfo?.error?.message ?? '', /GOAWAY without having taken it/);
    assert.equal(server.sessions.length, 2);
    for (const stream of atServer.slice(0, 2)) stream.end('data: two\n\n');
    for (const close of await allEnd(old)) assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(old[0]?.recording.data, ['one', 'two']);
    assert.equal(latest.closeInfo, undefined);
  });

  test('that ends a connection for an error resets each of its streams', async (t) => {
    const server = await http2Server(t, (stream, session) => {
      void respondWithEvents(stream, EVENT);
      if (server.requests.length === 3) {
        void until(
          () => streams.every(({ recording }) => recording.events.length === 1),
          () => 'all to have an event',
        ).then(() => session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM));
      }
    });
    const streams = sharing(t, 3).openMany(3, server.url);
    for (const close of await allEnd(streams)) {
      assert.equal(close.reason, 'reset');
      assert.match(close.error?.message ?? '', /GOAWAY with ENHANCE_YOUR_CALM, after 1 event/);
    }
  });

  for (const [how, reason] of [
    ['resetAndDestroy', 'reset'],
    ['destroy', 'truncated'],
  ] as const) {
    test(`that ${how === 'destroy' ? 'closes' : 'resets'} a connection ends each of its streams: ${reason}`, async (t) => {
      const server = await http2Server(t, holding);
      const { open, openMany } = sharing(t, 3);
      const streams = openMany(3, server.url);
      await allReceive(streams);
      server.sockets[0]?.[how]();
      const closes = await allEnd(streams);
      assert.deepEqual(
        closes.map((close) => close.reason),
        [reason, reason, reason],
      );
      await open(server.url).recording.received(1);
      assert.equal(server.sessions.length, 2);
    });
  }

  test('that ends one stream leaves the others alone', async (t) => {
    const atServer: ServerHttp2Stream[] = [];
    const server = await http2Server(t, (stream) => {
      atServer.push(stream);
      holding(stream);
    });
    const { openMany } = sharing(t, 3);
    const [first, ...others] = openMany(3, server.url);
    await allReceive(others);
    atServer[0]?.end();
    assert.equal((await first?.recording.ended())?.reason, 'eof');
    for (const stream of atServer.slice(1)) stream.write('data: two\n\n');
    await allReceive(others, 2);
    assert.equal(server.sessions.length, 1);
  });

  test('that is not there refuses every stream that waits for a connection', async (t) => {
    const server = await http2Server(t, holding);
    await server.close();
    const { pool, openMany } = sharing(t, 5);
    for (const close of await allEnd(openMany(3, server.url))) {
      assert.equal(close.reason, 'connect_error');
      assert.equal(close.error?.code, 'ECONNREFUSED');
    }
    assert.equal(pool.size, 0);
  });

  test('that resets the connection at once resets every stream that waits for it', async (t) => {
    const server = await rawServer(t, async (client) => {
      await new Promise(setImmediate);
      client.reset();
    });
    for (let tries = 0; tries < 20; tries++) {
      for (const close of await allEnd(sharing(t, 5).openMany(3, server.url))) {
        assert.ok(
          ['reset', 'connect_error'].includes(close.reason),
          `${close.reason}: ${close.error?.message}`,
        );
      }
    }
  });

  test('that closes the connection at once gives an empty reply to every stream', async (t) => {
    const server = await rawServer(t, (client) => client.finish());
    for (let tries = 0; tries < 20; tries++) {
      for (const close of await allEnd(sharing(t, 5).openMany(3, server.url))) {
        assert.equal(close.error?.exitCode, 52, `${close.reason}: ${close.error?.message}`);
      }
    }
  });

  test('that says nothing is waited for as long as a connection is', async (t) => {
    const server = await rawServer(t, () => new Promise(() => {}));
    const connection = { http: '2-prior-knowledge', connectTimeoutMs: 150 } as const;
    const streams = sharing(t, 5).openMany(3, server.url, { connection, idleTimeoutMs: 400 });
    const closes = await allEnd(streams);
    assert.deepEqual(
      closes.map(({ error }) => error?.code),
      ['IDLE_TIMEOUT', 'CONNECT_TIMEOUT', 'CONNECT_TIMEOUT'],
    );
    assert.match(closes[1]?.error?.message ?? '', /settings of HTTP\/2/);
  });

  test('that speaks HTTP/1.1 has a connection for each stream', async (t) => {
    const { leaf } = await certificates();
    const server = await rawServer(
      t,
      async (client) => {
        await client.request();
        await client.write(answer('200 OK', { 'Content-Type': 'text/event-stream' }, EVENT));
      },
      { tls: { ...leaf, ALPNProtocols: ['http/1.1'] } },
    );
    const { open, openMany } = sharing(t, 5);
    const streams = openMany(3, server.url, {});
    for (const close of await allEnd(streams)) assert.equal(close.reason, 'eof', close.error?.message);
    const later = open(server.url, {});
    assert.equal((await later.recording.ended()).reason, 'eof');
    for (const { recording } of [...streams, later]) assert.equal(recording.opens[0]?.http, '1.1');
  });
});

describe('a request that can not be sent', () => {
  test('leaves its place on the connection to others', async (t) => {
    const server = await http2Server(t, holding);
    const { open } = sharing(t, 2);
    const first = open(server.url);
    await first.recording.received(1);
    const wrong = open(server.url, { ...priorKnowledge, headers: [['TE', 'gzip']] });
    assert.equal((await wrong.recording.ended()).error?.code, 'REQUEST_INVALID');
    await open(server.url).recording.received(1);
    assert.equal(server.sessions.length, 1);
    assert.equal(first.recording.closeInfo, undefined);
  });
});
