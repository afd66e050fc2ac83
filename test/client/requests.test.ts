import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerText, headerValue, isHeaderSafe, utf8AsLatin1 } from '../../src/client/headers.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt, requestOf, start } from './recorded-attempt.ts';

const STREAM = answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'id: 8\ndata: one\n\n');

async function serveOne(client: RawConnection): Promise<void> {
  await client.request();
  await client.write(STREAM);
}

describe('a request', () => {
  test('carries its headers in their order, with the names as they were written, and no others', async (t) => {
    const server = await rawServer(t, serveOne);
    await attempt(t, `${server.url}/a/b?c=d%20e`, {
      headers: [
        ['accept', 'text/event-stream'],
        ['X-B', '1'],
        ['X-a', '2'],
        ['X-B', '3'],
        ['X-Empty', ''],
      ],
    });
    const [request] = server.requests;
    assert.equal(request?.method, 'GET');
    assert.equal(request?.target, '/a/b?c=d%20e');
    const own = request?.headers.filter(([name]) => !/^(host|connection)$/i.test(name));
    assert.deepEqual(own, [
      ['accept', 'text/event-stream'],
      ['X-B', '1'],
      ['X-a', '2'],
      ['X-B', '3'],
      ['X-Empty', ''],
    ]);
    assert.equal(request?.header('host'), `127.0.0.1:${server.port}`);
  });

  test('sends header values and the last event id as UTF-8', async (t) => {
    const server = await rawServer(t, serveOne);
    const request = requestOf(server.url, { headers: [['X-Name', 'Grüße 🌍']] });
    const { recording } = start(t, request, 'größe-7-…');
    await recording.ended();
    const [received] = server.requests;
    const utf8 = (name: string) => Buffer.from(received?.header(name) ?? '', 'latin1').toString('utf8');
    assert.equal(utf8('last-event-id'), 'größe-7-…');
    assert.equal(utf8('x-name'), 'Grüße 🌍');
    assert.deepEqual(recording.opens[0]?.requestHeaders, [
      ['X-Name', 'Grüße 🌍'],
      ['Last-Event-ID', 'größe-7-…'],
    ]);
  });

  test('carries no Last-Event-ID where there is none', async (t) => {
    const server = await rawServer(t, serveOne);
    await attempt(t, server.url);
    assert.equal(server.requests[0]?.header('last-event-id'), undefined);
  });

  test('leaves a last event id out that would break the headers, and says so', async (t) => {
    const server = await rawServer(t, serveOne);
    const { recording } = start(t, requestOf(server.url), 'a\u0001b');
    const close = await recording.ended();
    assert.equal(close.reason, 'eof');
    assert.equal(server.requests[0]?.header('last-event-id'), undefined);
    assert.deepEqual(
      recording.warnings.map((warning) => warning.code),
      ['last-event-id-unsendable'],
    );
  });

  test('carries its body with its length', async (t) => {
    const server = await rawServer(t, serveOne);
    const body = Buffer.from('{"größe":1}');
    await attempt(t, server.url, { method: 'POST', body });
    assert.equal(server.requests[0]?.header('content-length'), String(body.length));
    assert.deepEqual(server.requests[0]?.body, body);
  });

  test('is told before it is sent', async (t) => {
    const server = await rawServer(t, serveOne);
    const { recording } = await attempt(t, `${server.url}/x?y`, { headers: [['X-A', 'b']] });
    assert.deepEqual(recording.requests, [
      {
        method: 'GET',
        target: '/x?y',
        headers: [
          ['Host', `127.0.0.1:${server.port}`],
          ['X-A', 'b'],
        ],
      },
    ]);
  });

  test('marks its steps: all of them, in order, on one clock', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(answer('200 OK', { 'Content-Type': 'text/event-stream' }, ': hi\n\ndata: one\n\n'));
    });
    const { close } = await attempt(t, server.url.replace('127.0.0.1', 'localhost'), {
      connection: { family: 4 },
    });
    const { marks } = close;
    const order = [
      'planned',
      'start',
      'dns',
      'tcp',
      'sent',
      'headers',
      'firstByte',
      'firstComment',
      'firstEvent',
      'end',
    ] as const;
    const times = order.map((name) => marks[name]);
    assert.deepEqual(
      order.filter((name) => marks[name] === undefined),
      [],
    );
    assert.deepEqual(
      times,
      times.toSorted((a = 0, b = 0) => a - b),
    );
    assert.equal(marks.tls, undefined);
  });

  test('leaves the id behind that the next one is to send', async (t) => {
    const server = await rawServer(t, serveOne);
    const { recording } = start(t, requestOf(server.url), '7');
    assert.equal((await recording.ended()).lastEventId, '8');
  });
});

describe('header values', () => {
  test('of several lines are one, and names have no case', () => {
    const headers = [
      ['A', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const;
    assert.equal(headerValue(headers, 'a'), '1, 3');
    assert.equal(headerValue(headers, 'c'), undefined);
  });

  test('go out as bytes of UTF-8, and come in as UTF-8 or else as Latin-1', () => {
    assert.equal(Buffer.from(utf8AsLatin1('é'), 'latin1').toString('hex'), 'c3a9');
    assert.equal(utf8AsLatin1('plain'), 'plain');
    assert.equal(headerText('\u00c3\u00a9'), 'é');
    assert.equal(headerText('é'), 'é');
  });

  test('may hold anything but control characters', () => {
    assert.equal(isHeaderSafe('a b\té'), true);
    for (const bad of ['a\r\nb', 'a\nb', '\u0000', '\u007f']) assert.equal(isHeaderSafe(bad), false);
  });
});
