import assert from 'node:assert/strict';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { describe, type TestContext, test } from 'node:test';
import type { Handler } from '../../../src/mock/answer.ts';
import { oneRoute } from '../../../src/mock/site.ts';
import type { Step } from '../../../src/mock/step.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawHttp2Client, TYPE } from './http2-client.ts';
import { event, never, serving } from './serving.ts';

const { leaf } = await certificates();
const INTERNAL_ERROR = 2;
const CANCEL = 8;
const KB = 1024;
const big = 'x'.repeat(16 * KB);

/** Each millisecond, without end. */
function* ticking(data: string): Generator<Step> {
  for (;;) yield event(data, 1);
}

/** Allows whatever comes on a connection, and what comes on some of its streams. */
function read(client: RawHttp2Client, streams: readonly number[]): void {
  let seen = 0;
  const allow = () => {
    for (const { type, stream, payload } of client.frames.slice(seen)) {
      if (type !== TYPE.DATA || payload.length === 0) continue;
      client.allow(0, payload.length);
      if (streams.includes(stream)) client.allow(stream, payload.length);
    }
    seen = client.frames.length;
  };
  client.raw.socket.on('data', allow);
  allow();
}

describe('a stream over HTTP/2', () => {
  test('whose window stays shut is dropped alone, and its neighbours go on', async (t) => {
    const server = await serving(t, () => ticking('x'.repeat(4 * KB)), {
      http2: true,
      maxStalledBytes: 256 * KB,
    });
    const client = new RawHttp2Client(server.url);
    const [stalled, other] = [client.get('/'), client.get('/')];
    client.allow(0, 2 ** 30);
    client.allow(other, 2 ** 30);
    await until(() => client.ending(stalled) !== undefined);
    assert.equal(client.ending(stalled), INTERNAL_ERROR);
    assert.equal(client.body(stalled).length, 65_535, 'what its window allowed');
    const before = client.body(other).length;
    await until(() => client.body(other).length > before + 512 * KB);
    assert.equal(client.ending(other), undefined);
    assert.deepEqual(
      server.ended.map(({ end }) => end),
      ['stalled'],
    );
    assert.equal(server.server.streams, 1);
    client.raw.leave();
  });

  test('on a connection whose window stays shut is dropped, too', async (t) => {
    const server = await serving(t, () => ticking('x'.repeat(4 * KB)), {
      http2: true,
      maxStalledBytes: 256 * KB,
    });
    const client = new RawHttp2Client(server.url, 2 ** 30);
    client.get('/');
    client.get('/');
    await until(() => server.ended.length === 2);
    assert.deepEqual(
      server.ended.map(({ end }) => end),
      ['stalled', 'stalled'],
    );
    client.raw.leave();
  });

  test('is not dropped for what fell due while the process stood still', async (t) => {
    const server = await serving(t, () => ticking(big), { http2: true, maxStalledBytes: 256 * KB });
    const client = new RawHttp2Client(server.url, 2 ** 30);
    client.allow(0, 2 ** 30);
    const stream = client.get('/');
    await client.saw(stream, 'data: ');
    for (let pauses = 1; pauses <= 3; pauses += 1) {
      // Fifty and more of 16 KB.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
      const before = client.framesOf(stream, TYPE.DATA).length;
      await until(() => client.framesOf(stream, TYPE.DATA).length > before + 60);
    }
    assert.deepEqual(server.ended, []);
    client.raw.leave();
  });

  test('lets a burst wait until its window opens', async (t) => {
    let made = 0;
    const steps = function* () {
      for (; made < 100; made += 1) yield event(big);
    };
    const server = await serving(t, steps, { http2: true });
    const client = new RawHttp2Client(server.url);
    const stream = client.get('/');
    await until(() => client.body(stream).length === 65_535);
    assert.ok(made < 20, `${made} events were made for a window of 64 KB`);
    read(client, [stream]);
    await until(() => client.ending(stream) === 'END_STREAM');
    assert.equal(client.body(stream), `data: ${big}\n\n`.repeat(100));
    client.raw.leave();
  });

  test('that its client cancels is over, and the connection is not', async (t) => {
    const server = await serving(t, () => [never], { http2: true });
    const session = connect(server.url);
    t.after(() => session.destroy());
    const [left, kept] = [session.request(), session.request()];
    for (const stream of [left, kept]) stream.on('error', () => {});
    await until(() => server.server.streams === 2);
    left.close(CANCEL);
    await until(() => server.ended.length === 1);
    assert.equal(server.ended[0]?.end, 'left');
    assert.equal(server.server.streams, 1);
    assert.equal(kept.closed, false);
  });

  for (const tls of [undefined, leaf]) {
    for (const how of ['end', 'destroy', 'resetAndDestroy'] as const) {
      if (tls !== undefined && how === 'resetAndDestroy') continue; // TLS sockets can't.
      test(`is over when its client leaves (${how}${tls === undefined ? '' : ', over TLS'})`, async (t) => {
        const server = await serving(t, () => [event('one'), never], { http2: true, tls });
        const client = new RawHttp2Client(server.url);
        const streams = [client.get('/'), client.get('/')];
        for (const stream of streams) await client.saw(stream, 'one');
        client.raw.socket[how]();
        await until(() => server.ended.length === 2);
        assert.deepEqual(
          server.ended.map(({ end }) => end),
          ['left', 'left'],
        );
      });
    }
  }

  test('ends in order when the server closes: GOAWAY, END_STREAM, the end of the connection', async (t) => {
    const server = await serving(t, () => [event('one'), never], { http2: true });
    const client = new RawHttp2Client(server.url);
    const streams = [client.get('/'), client.get('/')];
    for (const stream of streams) await client.saw(stream, 'one');
    const closed = server.server.close();
    assert.equal(await client.raw.ended(), 'fin');
    client.raw.socket.end();
    await closed;
    const [goaway] = client.framesOf(0, TYPE.GOAWAY);
    assert.equal(goaway?.payload.readUInt32BE(4), 0, 'NO_ERROR');
    for (const stream of streams) assert.equal(client.ending(stream), 'END_STREAM');
    assert.deepEqual(
      server.ended.map(({ end }) => end),
      ['closing', 'closing'],
    );
  });
});

describe('an answer over HTTP/2', () => {
  const asked = async (t: TestContext, handler: Handler, headers: Record<string, string> = {}) => {
    const server = await serving(t, () => [], { http2: true, site: oneRoute(handler) });
    const session = connect(server.url);
    t.after(() => session.destroy());
    const stream = session.request({ ':path': '/', ...headers });
    const answer: { headers?: IncomingHttpHeaders; trailers?: unknown; body: string } = { body: '' };
    stream.on('response', (received) => {
      answer.headers = received;
    });
    stream.on('trailers', (trailers) => {
      answer.trailers = trailers;
    });
    for await (const part of stream.setEncoding('utf8')) answer.body += part;
    return answer;
  };

  test('has the headers of the stream, in lower case, and none of a connection', async (t) => {
    const schedule = () => [event('one')][Symbol.iterator]();
    const { headers, body, trailers } = await asked(t, () => ({
      kind: 'stream',
      schedule: schedule(),
      headers: {
        connection: 'close',
        'keep-alive': 'timeout=5',
        'transfer-encoding': 'chunked',
        'X-Own': 'yes',
      },
    }));
    assert.equal(headers?.[':status'], 200);
    assert.equal(headers['content-type'], 'text/event-stream');
    assert.equal(headers['x-own'], 'yes');
    for (const name of ['connection', 'keep-alive', 'transfer-encoding']) assert.ok(!(name in headers), name);
    assert.equal(body, ': stream opened\ndata: one\n\n');
    assert.equal(trailers, undefined);
  });

  test('has no body for HEAD, nor with 204', async (t) => {
    const schedule = () => [event('one')][Symbol.iterator]();
    const head = await asked(t, () => ({ kind: 'stream', schedule: schedule() }), { ':method': 'HEAD' });
    assert.equal(head.headers?.['content-type'], 'text/event-stream');
    assert.equal(head.body, '');
    const empty = await asked(t, () => ({ kind: 'plain', status: 204 }));
    assert.equal(empty.headers?.[':status'], 204);
    assert.equal(empty.body, '');
  });

  test('is none where the answer is to hang up: the stream is reset, or the connection ends', async (t) => {
    const how: ('reset' | 'cut')[] = ['reset', 'cut'];
    const site = oneRoute(() => ({ kind: 'hang-up', how: how.shift() ?? 'reset' }));
    const server = await serving(t, () => [], { http2: true, site });
    const client = new RawHttp2Client(server.url);
    const reset = client.get('/');
    await until(() => client.ending(reset) !== undefined);
    assert.equal(client.ending(reset), INTERNAL_ERROR);
    assert.deepEqual(client.framesOf(reset, TYPE.HEADERS), []);
    client.get('/');
    assert.equal(await client.raw.ended(), 'fin');
    client.raw.leave();
  });

  test('is made from the request that came: host, headers, body, an id beyond ASCII', async (t) => {
    const server = await serving(t, () => [], {
      http2: true,
      site: oneRoute(async (request) => ({
        kind: 'plain',
        status: 200,
        body: JSON.stringify([
          request.httpVersion,
          request.headers.host,
          Object.keys(request.headers).filter((name) => name.startsWith(':')),
          request.lastEventId,
          String(await request.body()),
        ]),
      })),
    });
    const session = connect(server.url);
    t.after(() => session.destroy());
    const id = Buffer.from('é-7').toString('latin1');
    const stream = session.request({ ':method': 'POST', ':authority': 'app.example', 'last-event-id': id });
    stream.end('the body');
    let body = '';
    for await (const part of stream.setEncoding('utf8')) body += part;
    assert.deepEqual(JSON.parse(body), ['2', 'app.example', [], 'é-7', 'the body']);
  });
});
