import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MockConfig } from '../../../src/mock/config.ts';
import type { Step } from '../../../src/mock/step.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawHttp2Client, TYPE } from './http2-client.ts';
import { RawClient } from './raw-client.ts';
import { event, serving } from './serving.ts';

const tls = (await certificates()).leaf;
const INTERNAL_ERROR = 2;

/** By then the event has left: what the kernel has not sent is lost by a reset. */
const RESET_AFTER_MS = 250;

const endings = {
  end: [event('one')],
  cut: [event('one'), { kind: 'end', how: 'cut', afterMs: 5 }],
  reset: [event('one'), { kind: 'end', how: 'reset', afterMs: RESET_AFTER_MS }],
} satisfies Record<string, Step[]>;

const carriers: { title: string; config: Partial<MockConfig> }[] = [
  { title: 'in the clear', config: {} },
  { title: 'over TLS', config: { tls } },
  { title: 'in the clear, beside HTTP/2', config: { http2: true } },
  { title: 'over TLS, beside HTTP/2', config: { tls, http2: true } },
];

for (const { title, config } of carriers) {
  describe(`a body over HTTP/1 ${title}`, () => {
    test('ends with the last chunk, and the connection serves on', async (t) => {
      const server = await serving(t, () => endings.end, config);
      const client = new RawClient(server.url).get('/');
      await client.saw(/\r\n0\r\n\r\n$/);
      assert.match(
        client.text,
        /\r\nTransfer-Encoding: chunked\r\n[\s\S]*\r\nb\r\ndata: one\n\n\r\n0\r\n\r\n$/,
      );
      const before = client.received.length;
      client.get('/again');
      await until(() => /\r\n0\r\n\r\n$/.test(client.text.slice(before)));
      assert.equal(client.ending, undefined);
      client.leave();
    });

    test('ends with the connection in HTTP/1.0', async (t) => {
      const server = await serving(t, () => endings.end, config);
      const client = new RawClient(server.url).get('/', { Connection: 'keep-alive' }, '1.0');
      assert.equal(await client.ended(), 'fin');
      assert.match(client.text, /\r\n\r\ndata: one\n\n$/);
      assert.doesNotMatch(client.text, /chunked/i);
      client.leave();
    });

    test('is cut by the end of the connection, without the last chunk', async (t) => {
      const server = await serving(t, () => endings.cut, config);
      const client = new RawClient(server.url).get('/');
      assert.equal(await client.ended(), 'fin');
      assert.match(client.text, /\r\nb\r\ndata: one\n\n\r\n$/);
      client.leave();
      await until(() => server.ended.length === 1);
      assert.equal(server.ended[0]?.end, 'cut');
    });

    test('is cut in order also while the client goes on sending', async (t) => {
      const server = await serving(t, () => endings.cut, config);
      const client = new RawClient(server.url);
      const length = 10 * 1024 ** 2;
      client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
      client.send('x'.repeat(length / 2));
      assert.equal(await client.ended(), 'fin');
      assert.match(client.text, /data: one\n\n\r\n$/);
      client.leave();
    });

    test('is reset with RST, twenty times of twenty', async (t) => {
      const server = await serving(t, () => endings.reset, config);
      const clients = Array.from({ length: 20 }, () => new RawClient(server.url).get('/'));
      const seen = await Promise.all(clients.map((client) => client.ended()));
      assert.deepEqual(
        seen,
        clients.map(() => 'ECONNRESET'),
      );
      for (const client of clients) assert.match(client.text, /data: one\n\n\r\n$/);
      assert.deepEqual(new Set(server.ended.map(({ end }) => end)), new Set(['reset']));
    });

    test('is reset with RST in HTTP/1.0, too', async (t) => {
      const server = await serving(t, () => endings.reset, config);
      const client = new RawClient(server.url).get('/', {}, '1.0');
      assert.equal(await client.ended(), 'ECONNRESET');
      assert.match(client.text, /\r\n\r\ndata: one\n\n$/);
    });
  });
}

for (const { title, config } of [
  { title: 'in the clear', config: { http2: true } },
  { title: 'over TLS', config: { tls, http2: true } },
]) {
  describe(`a body over HTTP/2 ${title}`, () => {
    test('ends with END_STREAM, and the connection serves on', async (t) => {
      const server = await serving(t, () => endings.end, config);
      const client = new RawHttp2Client(server.url);
      for (const stream of [client.get('/'), client.get('/again')]) {
        await until(() => client.ending(stream) !== undefined);
        assert.equal(client.ending(stream), 'END_STREAM');
        assert.equal(client.body(stream), 'data: one\n\n');
        assert.deepEqual(client.framesOf(stream, TYPE.RST_STREAM), []);
      }
      assert.equal(client.raw.ending, undefined);
      client.raw.leave();
    });

    test('is cut by the end of the connection, with its stream open', async (t) => {
      const server = await serving(t, () => endings.cut, config);
      const client = new RawHttp2Client(server.url);
      const stream = client.get('/');
      assert.equal(await client.raw.ended(), 'fin');
      assert.equal(client.body(stream), 'data: one\n\n');
      assert.equal(client.ending(stream), undefined);
      assert.deepEqual(client.framesOf(0, TYPE.GOAWAY), []);
      client.raw.leave();
      await until(() => server.ended.length === 1);
      assert.equal(server.ended[0]?.end, 'cut');
    });

    test('is reset with RST_STREAM and no END_STREAM before it, twenty times of twenty', async (t) => {
      const server = await serving(t, () => endings.reset, config);
      const client = new RawHttp2Client(server.url);
      const streams = Array.from({ length: 20 }, () => client.get('/'));
      await until(() => streams.every((stream) => client.ending(stream) !== undefined));
      for (const stream of streams) {
        assert.equal(client.ending(stream), INTERNAL_ERROR);
        assert.equal(client.body(stream), 'data: one\n\n');
      }
      assert.equal(client.raw.ending, undefined);
      client.raw.leave();
    });

    test('is reset alone: the other streams of the connection go on', async (t) => {
      const steps = [endings.reset, [event('one'), event('two', 4 * RESET_AFTER_MS)]];
      const server = await serving(t, () => steps.shift() ?? [], config);
      const client = new RawHttp2Client(server.url);
      const [reset, other] = [client.get('/'), client.get('/')];
      await until(() => client.ending(other) !== undefined);
      assert.equal(client.ending(reset), INTERNAL_ERROR);
      assert.equal(client.ending(other), 'END_STREAM');
      assert.equal(client.body(other), 'data: one\n\ndata: two\n\n');
      client.raw.leave();
    });
  });
}
