import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import type { Hub } from '../../src/mock/channels/hub.ts';
import { createMemoryHub } from '../../src/mock/channels/memory-hub.ts';
import type { MockConfig } from '../../src/mock/config.ts';
import { mockDefaults } from '../../src/mock/defaults.ts';
import { type MockServer, startMockServer } from '../../src/mock/server.ts';
import { oneRoute } from '../../src/mock/site.ts';
import { until } from '../e2e/harness/until.ts';

const GB = 1024 ** 3;
const MB = 1024 ** 2;

/** `fetch` says text/plain of a string, which would be the data as it is. */
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('publishing over a connection', () => {
  let server: MockServer;
  let hub: Hub;
  const start = async (config: Partial<MockConfig> = {}) => {
    hub = createMemoryHub();
    const handler = () => ({ kind: 'stream', schedule: [].values(), hold: true, ids: 'channel' }) as const;
    server = await startMockServer({ ...mockDefaults(), hub, site: oneRoute(handler), ...config });
  };
  afterEach(() => server.close());

  test('goes to a stream, with the id that it resumes by', async () => {
    await start();
    const stream = await fetch(`${server.url}events`);
    const answer = await fetch(`${server.url}publish`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"data":"hello"}',
    });
    assert.deepEqual(await answer.json(), { ids: { global: '1' }, streams: 1 });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('hello')) text += (await reader?.read())?.value;
    assert.match(text, /\nid: 1\ndata: hello\n\n$/);
    await reader?.cancel();
  });

  test('is for POST alone', async () => {
    await start();
    const answer = await fetch(`${server.url}publish`);
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST']);
  });

  test('takes a body of just the limit, and refuses one byte more', async () => {
    await start({ maxPayloadBytes: 100 });
    const body = `{"data":"${'x'.repeat(100 - 11)}"}`;
    const post = (text: string) =>
      fetch(`${server.url}publish`, { method: 'POST', headers: JSON_TYPE, body: text });
    assert.equal((await post(body)).status, 200);
    const refused = await post(`${body} `);
    assert.equal(refused.status, 413);
    assert.deepEqual(await refused.json(), { error: 'the body is larger than 100 bytes' });
  });

  const framings = {
    'a declared length': { head: `Content-Length: ${GB}`, frame: (part: Buffer) => part },
    chunks: {
      head: 'Transfer-Encoding: chunked',
      frame: (part: Buffer) => Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, CRLF]),
    },
  };
  for (const [what, { head, frame }] of Object.entries(framings)) {
    test(`answers a body of a gigabyte in ${what} while it comes, and reads little of it`, async () => {
      await start({ maxPayloadBytes: MB });
      const upload = new Upload(server.port, head, frame(Buffer.alloc(64 * 1024)));
      await upload.over;
      assert.match(upload.answer, /^HTTP\/1\.1 413 /);
      assert.match(upload.answer, /\r\nConnection: close\r\n/);
      assert.match(upload.answer, /\{"error":"the body is larger than 1048576 bytes"\}\n$/);
      assert.ok(upload.sentBytes < 64 * MB, `${upload.sentBytes} bytes went out`);
    });
  }

  test('a client that reads its answer only when it has sent a few megabytes too many still gets it', async () => {
    await start({ maxPayloadBytes: 1_000 });
    const socket = createConnection({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).pause();
    const body = Buffer.alloc(3 * MB);
    socket.write(`POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
    await new Promise((resolve) => socket.write(body, resolve));
    let answer = '';
    for await (const part of socket) answer += part;
    assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*larger than 1000 bytes"}\n$/);
    socket.destroy();
  });

  test('a client that goes on sending regardless is cut off', async () => {
    await start({ maxPayloadBytes: MB });
    const upload = new Upload(server.port, `Content-Length: ${GB}`, Buffer.alloc(64 * 1024), 'deaf');
    await upload.over;
    assert.match(upload.answer, /^HTTP\/1\.1 413 /);
    assert.ok(upload.sentBytes < 64 * MB, `${upload.sentBytes} bytes went out`);
  });

  test('a refusal that is not for the size reads no gigabyte either', async () => {
    await start({ maxPayloadBytes: MB, maxPublishRate: 0.001 });
    assert.equal((await fetch(`${server.url}publish`, { method: 'POST', body: '{"data":1}' })).status, 200);
    const upload = new Upload(server.port, `Content-Length: ${GB}`, Buffer.alloc(64 * 1024));
    await upload.over;
    assert.match(upload.answer, /^HTTP\/1\.1 429 /);
    assert.match(upload.answer, /\r\nRetry-After: 1000\r\n/i);
    assert.ok(upload.sentBytes < 64 * MB, `${upload.sentBytes} bytes went out`);
  });

  test('a small refusal leaves the connection for the next request', async () => {
    await start();
    const socket = createConnection(server.port, '127.0.0.1');
    let answers = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answers += text;
    });
    const request = (body: string) =>
      socket.write(`POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    request('{"dat":1}');
    await until(() => answers.includes('}\n'));
    request('{"data":1}');
    await until(() => answers.includes('"streams":0}\n'));
    assert.deepEqual(answers.match(/^HTTP\/1\.1 \d+/gm), ['HTTP/1.1 400', 'HTTP/1.1 200']);
    socket.destroy();
  });

  test('a body that ends before it is whole publishes nothing', async () => {
    await start();
    const socket = createConnection(server.port, '127.0.0.1');
    socket.write('POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"data":"x"}');
    await until(() => server.metrics.requests === 1);
    socket.destroy();
    await once(socket, 'close');
    assert.deepEqual((await hub.publish(['global'], { data: '' })).ids, { global: '1' });
  });
});

const CRLF = Buffer.from('\r\n');

/** A client that sends as fast as the connection takes it, for as long as the connection lasts. */
class Upload {
  answer = '';
  sentBytes = 0;
  /** The connection has ended, in order or not. */
  readonly over: Promise<void>;
  readonly #socket: Socket;
  readonly #part: Buffer;

  /** @param manners `polite`: stops sending when it has its answer, as curl does; `deaf`: doesn't */
  constructor(port: number, head: string, part: Buffer, manners: 'polite' | 'deaf' = 'polite') {
    this.#part = part;
    this.#socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.#socket.setEncoding('latin1').on('data', (text) => {
      this.answer += text;
    });
    // Cut off is what may happen to it.
    this.#socket.on('error', () => {});
    this.#socket.on('end', () => {
      if (manners === 'polite') this.#socket.end();
    });
    this.over = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    this.#socket.write(`POST /publish HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
    this.#socket.on('drain', () => this.#send());
    this.#send();
  }

  #send(): void {
    while (this.#socket.writable && this.sentBytes < GB) {
      this.sentBytes += this.#part.length;
      if (!this.#socket.write(this.#part)) return;
    }
  }
}
