import assert from 'node:assert/strict';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { describe, test } from 'node:test';
import { certificates } from '../e2e/harness/certificates.ts';
import { http2Server, respondWithEvents } from '../e2e/harness/http2-server.ts';
import { listen } from '../e2e/harness/listening.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt, requestOf, start } from './recorded-attempt.ts';

const EVENT = 'data: one\n\n';
const priorKnowledge = { connection: { http: '2-prior-knowledge' } } as const;

/** Offers both protocols by ALPN and answers either with a stream. */
async function eitherServer(t: Parameters<typeof listen>[0]): Promise<string> {
  const { leaf } = await certificates();
  const serve = (_: Http2ServerRequest, response: Http2ServerResponse) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(EVENT);
  const server = createSecureServer({ ...leaf, allowHTTP1: true }, serve);
  return `https://localhost:${(await listen(t, server)).port}/`;
}

describe('the protocol', () => {
  for (const [asked, spoken] of [
    ['auto', '2'],
    ['2', '2'],
    ['1.1', '1.1'],
    ['2-prior-knowledge', '2'],
  ] as const) {
    test(`of a server that offers both is ${spoken} where ${asked} is asked for`, async (t) => {
      const url = await eitherServer(t);
      const { recording, close } = await attempt(t, url, { connection: { http: asked } });
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.equal(recording.opens[0]?.http, spoken);
      assert.deepEqual(recording.data, ['one']);
    });
  }

  for (const ALPNProtocols of [['http/1.1'], undefined]) {
    const offer = ALPNProtocols === undefined ? 'nothing' : 'HTTP/1.1';
    test(`is HTTP/1.1 with a server that offers ${offer} by ALPN`, async (t) => {
      const { leaf } = await certificates();
      const server = await rawServer(
        t,
        async (client) => {
          await client.request();
          await client.write(answer('200 OK', { 'Content-Type': 'text/event-stream' }, EVENT));
        },
        { tls: { ...leaf, ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }) } },
      );
      const { recording, close } = await attempt(t, server.url, { connection: { http: '2' } });
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.equal(recording.opens[0]?.http, '1.1');
    });
  }

  test('is HTTP/1.1 without TLS, unless it is known beforehand', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', { 'Content-Type': 'text/event-stream' }, EVENT));
    });
    const { recording } = await attempt(t, server.url, { connection: { http: '2' } });
    assert.equal(recording.opens[0]?.http, '1.1');
  });
});

describe('a request over HTTP/2', () => {
  test('carries method, path, authority, headers and body', async (t) => {
    const bodies: string[] = [];
    const server = await http2Server(t, async (stream) => {
      for await (const part of stream) bodies.push(String(part));
      await respondWithEvents(stream, EVENT);
      stream.end();
    });
    const { close } = await attempt(t, `${server.url}/a?b=c`, {
      ...priorKnowledge,
      method: 'POST',
      headers: [
        ['Accept', 'text/event-stream'],
        ['X-Name', 'Grüße'],
        ['X-Many', 'a'],
        ['X-Many', 'b'],
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2'],
        ['Host', 'other.example'],
        ['Connection', 'keep-alive'],
      ],
      body: Buffer.from('{"q":1}'),
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    const [headers] = server.requests;
    assert.equal(headers?.[':method'], 'POST');
    assert.equal(headers?.[':path'], '/a?b=c');
    assert.equal(headers?.[':authority'], 'other.example');
    assert.equal(headers?.accept, 'text/event-stream');
    assert.equal(Buffer.from(String(headers?.['x-name']), 'latin1').toString('utf8'), 'Grüße');
    assert.equal(headers?.['x-many'], 'a, b');
    assert.equal(headers?.cookie, 'a=1; b=2');
    assert.equal(headers?.connection, undefined);
    assert.deepEqual(bodies, ['{"q":1}']);
  });

  test('resumes with the UTF-8 bytes of the last event id', async (t) => {
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, EVENT);
      stream.end();
    });
    const { recording } = start(t, requestOf(server.url, priorKnowledge), 'größe-7');
    await recording.ended();
    const sent = String(server.requests[0]?.['last-event-id']);
    assert.equal(Buffer.from(sent, 'latin1').toString('utf8'), 'größe-7');
  });

  const unsendable: [title: string, headers: [string, string][]][] = [
    [
      'two values of a header that may have only one',
      [
        ['User-Agent', 'a'],
        ['User-Agent', 'b'],
      ],
    ],
    ['a header that HTTP/2 forbids', [['TE', 'gzip']]],
  ];
  for (const [title, headers] of unsendable) {
    test(`with ${title} is refused as a wrong use, and not sent`, async (t) => {
      const server = await http2Server(t, (stream) =>
        stream.respond({ ':status': 404 }, { endStream: true }),
      );
      const { close } = await attempt(t, server.url, { ...priorKnowledge, headers });
      assert.equal(close.reason, 'protocol');
      assert.equal(close.error?.code, 'REQUEST_INVALID');
      assert.equal(close.error?.exitCode, 2);
      assert.equal(server.requests.length, 0);
    });
  }

  test('marks its steps in order: start, tcp, sent, headers, first byte, first event, end', async (t) => {
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, EVENT);
      stream.end();
    });
    const { close } = await attempt(t, server.url, priorKnowledge);
    const { planned, start: started, tcp, sent, headers, firstByte, firstEvent, end } = close.marks;
    const marks = [planned, started, tcp, sent, headers, firstByte, firstEvent, end];
    assert.ok(marks.every((mark) => mark !== undefined));
    assert.deepEqual(
      marks,
      marks.toSorted((a = 0, b = 0) => a - b),
    );
  });
});
