import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { answerIn } from '../../../src/checks/raw/answer-heads.ts';
import { openRaw } from '../../../src/checks/raw/raw-exchange.ts';
import type { StreamRequest } from '../../../src/client/request.ts';

const never = new AbortController().signal;
const opened: { close(): void }[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

describe('an exchange by hand', () => {
  test('sends the head of the way with what was added, and reads with times', async () => {
    const { url, connection } = await server();
    const exchange = await open({ url, headers: [['Accept', 'text/event-stream']] });
    exchange.sendHead({ method: 'POST', headers: [['Transfer-Encoding', 'chunked']] });
    const socket = await connection;
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.equal(
      head.toString(),
      `POST /sse?a=1 HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    socket.write('HTTP/1.1 200 OK\r\nX-One: 1\r\n\r\nhello');
    assert.equal(await exchange.until(() => answerIn(exchange.reads).body.length === 5, 5_000, never), true);
    assert.deepEqual(answerIn(exchange.reads).head?.headers, [['X-One', '1']]);
    assert.equal(exchange.end, undefined);
  });

  test('tells an end in order from a reset, and does not wait longer than the connection lives', async () => {
    for (const how of ['fin', 'reset'] as const) {
      const { url, connection } = await server();
      const exchange = await open({ url });
      const socket = await connection;
      if (how === 'fin') socket.end();
      else socket.resetAndDestroy();
      assert.equal(await exchange.until(() => false, 60_000, never), false);
      assert.equal(exchange.end?.how, how);
    }
  });

  test('takes nothing while it is paused', async () => {
    const { url, connection } = await server();
    const exchange = await open({ url });
    exchange.pause();
    const socket = await connection;
    // More than the kernel holds for the two of them.
    const isTaken = await new Promise<boolean>((resolve) => {
      socket.write(Buffer.alloc(32 * 1024 ** 2), () => resolve(true));
      setTimeout(() => resolve(false), 300);
    });
    assert.equal(isTaken, false);
    assert.ok(exchange.bytesRead <= 1024 ** 2, `${exchange.bytesRead}`);
    exchange.resume();
    assert.equal(await exchange.until(() => exchange.bytesRead === 32 * 1024 ** 2, 20_000, never), true);
    assert.ok(exchange.received.length <= 8 * 1024 ** 2);
  });

  test('resets on demand, and leaves when asked to', async () => {
    const { url, connection } = await server();
    const exchange = await open({ url });
    const socket = await connection;
    const failed = once(socket, 'error');
    socket.resume();
    exchange.reset();
    const [error] = (await failed) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(exchange.end?.how, 'left');
  });

  test('ends a wait when it is interrupted', async () => {
    const { url } = await server();
    const exchange = await open({ url });
    const interrupted = new AbortController();
    const waiting = exchange.until(() => false, 60_000, interrupted.signal);
    interrupted.abort();
    assert.equal(await waiting, false);
    await assert.rejects(openRaw(request({ url }), interrupted.signal), { code: 'ABORTED' });
  });
});

describe('an answer that was read by hand', () => {
  const read = (at: number, text: string) => ({ at, bytes: Buffer.from(text) });

  test('has what came before it, each with its time', () => {
    const { interim, head, body } = answerIn([
      read(1, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n'),
      read(2, '\r\nHTTP/1.1 200 OK\r\nServer: x\r\n'),
      read(3, '\r\n5\r\n'),
    ]);
    assert.deepEqual(interim, [{ at: 2, http: '1.1', status: 103, headers: [['Link', '</a>']] }]);
    assert.deepEqual(head, { at: 3, http: '1.1', status: 200, headers: [['Server', 'x']] });
    assert.equal(body.toString(), '5\r\n');
  });

  test('has no head while that is not whole, or is not HTTP', () => {
    assert.equal(answerIn([read(1, 'HTTP/1.1 200 OK\r\nServer: x\r\n')]).head, undefined);
    assert.equal(answerIn([read(1, 'SSH-2.0\r\n\r\n')]).head, undefined);
  });
});

async function open(of: Partial<StreamRequest> & { url: URL }) {
  const exchange = await openRaw(request(of), never);
  opened.push(exchange);
  return exchange;
}

function request(of: Partial<StreamRequest> & { url: URL }): StreamRequest {
  return {
    method: 'GET',
    headers: [],
    maxRedirects: 0,
    idleTimeoutMs: 0,
    maxEventSizeBytes: 1024 ** 2,
    connection: {
      http: 'auto',
      family: 0,
      resolve: [],
      connectTo: [],
      proxy: { noProxy: [] },
      tls: { insecure: false },
      connectTimeoutMs: 5_000,
    },
    ...of,
  };
}

async function server(): Promise<{ url: URL; connection: Promise<Socket> }> {
  const listening = createServer({ allowHalfOpen: true });
  const connection = new Promise<Socket>((resolve) => {
    listening.once('connection', (socket: Socket) => {
      opened.push({ close: () => socket.destroy() });
      socket.on('error', () => {});
      resolve(socket);
    });
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  opened.push(listening);
  const { port } = listening.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/sse?a=1`), connection };
}
