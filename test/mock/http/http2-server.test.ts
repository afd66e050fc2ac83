import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect } from 'node:http2';
import { describe, type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { Exchange } from '../../../src/mock/http/incoming.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawHttp2Client, TYPE } from '../wire/http2-client.ts';
import { RawClient } from '../wire/raw-client.ts';
import { begin, echo, listening } from './listening.ts';

const tls = (await certificates()).leaf;
const CANCEL = 8;
const PROTOCOL_ERROR = 1;
const METHOD_NOT_ALLOWED = 405;

function session(t: TestContext, url: string): ClientHttp2Session {
  const opened = connect(url, { rejectUnauthorized: false });
  opened.on('error', () => {});
  t.after(() => opened.destroy());
  return opened;
}

describe('HTTP/2 over TLS', () => {
  test('is chosen by ALPN, on the port that HTTP/1.1 has, too', async (t) => {
    const server = await listening(t, echo, { tls, http2: true });
    for (const [offered, chosen] of [
      [['h2', 'http/1.1'], 'h2'],
      [['http/1.1', 'h2'], 'h2'],
      [['http/1.1'], 'http/1.1'],
      [undefined, false],
    ] as const) {
      const socket = connectTls({
        port: server.port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        ...(offered === undefined ? {} : { ALPNProtocols: [...offered] }),
      });
      await until(() => socket.alpnProtocol !== null);
      assert.equal(socket.alpnProtocol, chosen);
      if (chosen !== 'h2') {
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        await until(() => String(socket.read() ?? '').startsWith('HTTP/1.1 200 OK'));
      }
      socket.destroy();
    }
  });

  test('hands over requests with the TCP connection below', async (t) => {
    const seen: Exchange[] = [];
    const server = await listening(
      t,
      (exchange) => {
        seen.push(exchange);
        begin(exchange);
      },
      { tls, http2: true },
    );
    const opened = session(t, server.url);
    opened.request();
    await until(() => seen.length === 1);
    const [exchange] = seen;
    assert.ok(exchange && 'encrypted' in exchange.socket && !('encrypted' in exchange.raw));
    assert.equal(exchange.raw.remotePort, opened.socket.localPort);
  });
});

describe('a connection of HTTP/2', () => {
  const serve = (t: TestContext, onExchange = echo, timeoutMs?: number) =>
    listening(t, onExchange, { http2: true }, timeoutMs);

  test('gives up a request that goes on behind its answer, and keeps the others', async (t) => {
    const server = await serve(
      t,
      (exchange) => (exchange.request.url === '/stream' ? begin : echo)(exchange),
      100,
    );
    const opened = session(t, server.url);
    const stream = opened.request({ ':path': '/stream' }).resume();
    const upload = opened.request({ ':method': 'POST', ':path': '/upload' }, { endStream: false });
    let answer = '';
    upload.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    await until(() => upload.closed);
    assert.equal(answer, 'POST /upload');
    assert.equal(upload.rstCode, 0);
    assert.equal(stream.closed, false);
  });

  test('carries thousands of streams at a time', async (t) => {
    const MANY = 5_000;
    const CANCELLED = 900;
    let open = 0;
    const server = await serve(t, (exchange) => {
      open += 1;
      exchange.response.once('close', () => {
        open -= 1;
      });
      begin(exchange);
    });
    const opened = session(t, server.url);
    const streams = Array.from({ length: MANY }, () => opened.request().on('error', () => {}));
    let answered = 0;
    for (const stream of streams) stream.once('response', () => (answered += 1));
    await until(() => answered === MANY);
    assert.equal(open, MANY);
    // Hundreds may be cancelled at once, too, and the connection goes on.
    for (const stream of streams.slice(0, CANCELLED)) stream.close(CANCEL);
    await until(() => open === MANY - CANCELLED);
    const status = await new Promise((resolve) =>
      opened.request().once('response', (headers) => resolve(headers[':status'])),
    );
    assert.equal(status, 200);
    assert.deepEqual(server.malformed, []);
  });

  test('without a stream for long ends in order', async (t) => {
    const server = await serve(t, echo, 100);
    const client = new RawHttp2Client(server.url);
    const stream = client.get('/');
    await client.saw(stream, 'GET /');
    assert.equal(await client.raw.ended(), 'fin');
    assert.equal(client.framesOf(0, TYPE.GOAWAY)[0]?.payload.readUInt32BE(4), 0, 'NO_ERROR');
    client.raw.leave();
  });

  test('with a stream stays, however quiet it is', async (t) => {
    const server = await serve(t, begin, 50);
    const quiet = new RawHttp2Client(server.url);
    await quiet.saw(quiet.get('/'), 'begun');
    // Another one, opened later, has come to its end by the same rule.
    const idle = new RawHttp2Client(server.url);
    assert.equal(await idle.raw.ended(), 'fin');
    assert.equal(quiet.raw.ending, undefined);
    idle.raw.leave();
    quiet.raw.leave();
  });

  test('that breaks the rules is told so and ended; others go on', async (t) => {
    const server = await serve(t, begin, 200);
    const other = new RawHttp2Client(server.url);
    const stream = other.get('/');
    await other.saw(stream, 'begun');
    const broken = new RawHttp2Client(server.url);
    // DATA on a stream that was never opened.
    broken.raw.send(Buffer.from([0, 0, 1, 0, 0, 0, 0, 0, 7, 0x78]));
    await until(() => broken.framesOf(0, TYPE.GOAWAY).length > 0);
    assert.equal(broken.framesOf(0, TYPE.GOAWAY)[0]?.payload.readUInt32BE(4), PROTOCOL_ERROR);
    await broken.raw.ended();
    assert.equal(other.ending(stream), undefined);
    assert.equal(other.raw.ending, undefined);
    other.raw.leave();
  });

  test('that broke the rules and left with a stream open is not kept', async (t) => {
    let open = 0;
    const server = await serve(
      t,
      (exchange) => {
        open += 1;
        exchange.response.once('close', () => {
          open -= 1;
        });
        begin(exchange);
      },
      100,
    );
    const silent = new RawHttp2Client(server.url);
    const broken = new RawHttp2Client(server.url);
    for (const client of [silent, broken]) await client.saw(client.get('/'), 'begun');
    broken.raw.send(Buffer.from([0, 0, 1, 0, 0, 0, 0, 0, 7, 0x78]));
    await until(() => broken.framesOf(0, TYPE.GOAWAY).length > 0);
    broken.raw.leave();
    await until(() => open === 1);
    // One that takes what comes is kept, even if it answers no PING (Node sends ten of them at most).
    await until(() => silent.framesOf(0, TYPE.PING).length >= 10);
    assert.equal(open, 1);
    assert.equal(silent.raw.ending, undefined);
    silent.raw.leave();
  });

  test('that fails for its client is told', async (t) => {
    const server = await listening(t, begin, { tls, http2: true });
    const client = new RawClient(server.url, { protocols: ['h2'] }).send('This is no HTTP/2.\r\n\r\n');
    await client.ended();
    await until(() => server.malformed.length === 1);
    assert.match(server.malformed[0]?.message ?? '', /^HTTP\/2 with a client failed: .*client magic/);
  });

  test('is told that CONNECT is not for this server', async (t) => {
    const server = await serve(t);
    const status = await new Promise((resolve) =>
      session(t, server.url)
        .request({ ':method': 'CONNECT', ':authority': 'a.example:443' })
        .once('response', (headers) => resolve(headers[':status'])),
    );
    assert.equal(status, METHOD_NOT_ALLOWED);
  });

  test('is gone when the server closes all', async (t) => {
    const server = await serve(t, begin);
    const client = new RawHttp2Client(server.url);
    await client.saw(client.get('/'), 'begun');
    const closed = server.close();
    server.closeAll();
    await closed;
    await client.raw.ended();
  });
});
