import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from '../wire/raw-client.ts';
import { begin, echo, listening } from './listening.ts';

interface Case {
  title: string;
  bytes: string;
  status: number;
  error: RegExp;
}

const cases: Case[] = [
  {
    title: 'garbage',
    bytes: 'what is this\r\n\r\n',
    status: 400,
    error: /^the request is no HTTP: Invalid method/,
  },
  {
    title: 'a header without a colon',
    bytes: 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n',
    status: 400,
    error: /^the request is no HTTP: /,
  },
  {
    title: 'two lengths',
    bytes: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    status: 400,
    error: /^the request is no HTTP: /,
  },
  {
    title: 'headers that are too large',
    bytes: `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    status: 431,
    error: /^the head of the request is larger than 16384 bytes$/,
  },
  {
    title: 'no Host in HTTP/1.1',
    bytes: 'GET / HTTP/1.1\r\n\r\n',
    status: 400,
    error: /^a request of HTTP\/1\.1 needs a Host header$/,
  },
  {
    title: 'two Hosts',
    bytes: 'GET / HTTP/1.1\r\nHost: a.example\r\nhost: b.example\r\n\r\n',
    status: 400,
    error: /^a request has one Host header, not several$/,
  },
  {
    title: 'two Hosts in HTTP/1.0',
    bytes: 'GET / HTTP/1.0\r\nHost: a.example\r\nHost: a.example\r\n\r\n',
    status: 400,
    error: /^a request has one Host header, not several$/,
  },
  {
    title: 'CONNECT',
    bytes: 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n',
    status: 405,
    error: /^CONNECT: this server is no proxy$/,
  },
];

describe('what is no request', () => {
  for (const { title, bytes, status, error } of cases) {
    test(`is answered in words and counted: ${title}`, async (t) => {
      const server = await listening(t, echo);
      const client = new RawClient(server.url).send(bytes);
      assert.equal(await client.ended(), 'fin');
      const [head = '', body = ''] = client.text.split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} \\S`));
      assert.match(head, /\r\nContent-Type: application\/json(\r\n|$)/);
      assert.match(head, /\r\nConnection: close(\r\n|$)/i);
      assert.match((JSON.parse(body) as { error: string }).error, error);
      assert.deepEqual(
        server.malformed.map((each) => each.status),
        [status],
      );
      client.leave();
    });
  }

  test('is answered even to a client that goes on sending', async (t) => {
    const server = await listening(t, echo);
    const client = new RawClient(server.url);
    for (let index = 0; index < 50; index += 1) client.send('x'.repeat(64 * 1024));
    await client.saw(/"the request is no HTTP: /);
    assert.equal(await client.ended(), 'fin');
    client.leave();
    assert.equal(server.malformed.length, 1);
  });

  for (const [what, framing] of [
    ['a chunk whose size is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a coding that says not where it ends', 'Transfer-Encoding: gzip\r\n\r\nabc'],
  ]) {
    test(`is answered where it comes in the body of a request that has no answer yet: ${what}`, async (t) => {
      // Waits for a body that never becomes whole.
      const server = await listening(t, ({ request }) => request.resume());
      const client = new RawClient(server.url).send(`POST /publish HTTP/1.1\r\nHost: x\r\n${framing}`);
      assert.equal(await client.ended(), 'fin');
      assert.match(
        client.text,
        /^HTTP\/1\.1 400 [\s\S]*\r\n\r\n\{"error":"the request is no HTTP: [^"]+"}\n$/,
      );
      assert.equal(server.malformed.length, 1);
      client.leave();
    });
  }

  test('gets no answer before the one that is due first', async (t) => {
    const server = await listening(t, ({ request }) => request.resume());
    const client = new RawClient(server.url).get('/1').get('/2').send('garbage\r\n\r\n');
    await client.ended();
    assert.equal(client.text, '');
    assert.equal(server.malformed[0]?.status, undefined);
  });

  test('is told without an answer that the client could not read: TLS, HTTP/2', async (t) => {
    const server = await listening(t, echo);
    const hello = Buffer.from('160301020001000', 'hex');
    const tls = new RawClient(server.url).send(hello);
    assert.equal(await tls.ended(), 'fin');
    assert.equal(tls.text, '');
    const http2 = new RawClient(server.url).send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    assert.equal(await http2.ended(), 'fin');
    assert.equal(http2.text, '');
    assert.deepEqual(server.malformed, [
      { message: 'a client speaks TLS (https://), which needs --tls', speaks: 'TLS' },
      { message: 'a client speaks HTTP/2 in the clear, which needs --http2' },
    ]);
    tls.leave();
    http2.leave();
  });

  for (const bytes of ['garbage\r\n\r\n', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n']) {
    test(`ends an answer that is under way, and puts no other into it (${bytes.slice(0, 7)})`, async (t) => {
      const server = await listening(t, begin);
      const client = new RawClient(server.url).get('/');
      await client.saw(/begun/);
      client.send(bytes);
      await client.ended();
      assert.match(client.text, /begun\r\n$/);
      assert.equal(server.malformed.length, 1);
      assert.equal(server.malformed[0]?.status, undefined);
    });
  }

  test('is a request that the client never finished', async (t) => {
    const server = await listening(t, echo);
    const client = new RawClient(server.url).send('GET / HTTP/1.1\r\nHo');
    client.socket.end();
    await client.saw(/^HTTP\/1\.1 400 [\s\S]*"the connection ended inside a request"/);
    assert.deepEqual(server.malformed, [{ status: 400, message: 'the connection ended inside a request' }]);
  });

  test('is a head that does not come in time', async (t) => {
    const server = await listening(t, echo, {}, 200);
    const slow = new RawClient(server.url).send('GET / HTTP/1.1\r\nHost: x\r\n');
    assert.equal(await slow.ended(), 'fin');
    assert.match(slow.text, /^HTTP\/1\.1 408 /);
    slow.leave();
    assert.equal(server.malformed[0]?.status, 408);
  });

  test('is not a client that connects and leaves', async (t) => {
    let requests = 0;
    const server = await listening(t, (exchange) => {
      requests += 1;
      echo(exchange);
    });
    const silent = new RawClient(server.url);
    await until(() => !silent.socket.connecting);
    silent.socket.resetAndDestroy();
    const half = new RawClient(server.url).get('/half');
    half.socket.end();
    await half.saw(/GET \/half$/);
    assert.equal(requests, 1);
    assert.deepEqual(server.malformed, []);
  });
});

describe('what is unusual', () => {
  test('an Upgrade is answered as the request that it also is', async (t) => {
    const server = await listening(t, echo);
    for (const upgrade of ['websocket', 'h2c']) {
      const client = new RawClient(server.url).get('/', { Connection: 'Upgrade', Upgrade: upgrade });
      await client.saw(/^HTTP\/1\.1 200 OK\r\n[\s\S]*GET \/$/);
      client.leave();
    }
  });

  test('Expect: 100-continue is told to go on; another expectation gets 417', async (t) => {
    const server = await listening(t, echo);
    const client = new RawClient(server.url);
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
    await client.saw(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send('hi');
    await client.saw(/POST \/$/);
    client.leave();
    const other = new RawClient(server.url).get('/', { Expect: 'wonders' });
    await other.saw(/^HTTP\/1\.1 417 [\s\S]*"Expect: wonders is not understood"/);
    assert.equal(await other.ended(), 'fin');
  });

  test('requests that come at once are answered one behind the other', async (t) => {
    const waiting: (() => void)[] = [];
    const server = await listening(t, (exchange) => waiting.push(() => echo(exchange)));
    const client = new RawClient(server.url).get('/1').get('/2').get('/3');
    for (const n of [1, 2, 3]) {
      await until(() => waiting.length === n);
      assert.ok(!client.text.includes(`GET /${n}`));
      waiting[n - 1]?.();
      await client.saw(new RegExp(`GET /${n}$`));
    }
    client.leave();
  });

  test('a client that sends requests without end while it is answered is cut off', async (t) => {
    let requests = 0;
    const server = await listening(t, (exchange) => {
      requests += 1;
      begin(exchange);
    });
    const client = new RawClient(server.url);
    for (let n = 0; n < 500; n += 1) client.get(`/${n}`);
    await client.ended();
    assert.equal(requests, 1);
    assert.deepEqual(server.malformed, [
      { message: 'a client sent 100 requests and more without waiting for an answer' },
    ]);
  });
});
