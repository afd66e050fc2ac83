import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CloseReason } from '../../src/client/records.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer, head, streamHead } from '../e2e/harness/wire.ts';
import { answering } from './ending-cases.ts';
import { attempt, type RequestChanges } from './recorded-attempt.ts';

const EVENT = 'data: one\n\n';
const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };

interface AnswerCase {
  title: string;
  /** Sent in one write; the connection then stays open unless `finish`. */
  sends: string;
  finish?: boolean;
  request?: RequestChanges;
  reason: CloseReason;
  code?: string;
  exitCode: number;
  events?: number;
}

const cases: AnswerCase[] = [
  {
    title: 'FIN without a byte is an empty reply',
    sends: '',
    finish: true,
    reason: 'protocol',
    code: 'EMPTY_REPLY',
    exitCode: 52,
  },
  {
    title: 'FIN inside the headers is an incomplete answer',
    sends: 'HTTP/1.1 200 OK\r\nConte',
    finish: true,
    reason: 'protocol',
    code: 'INCOMPLETE_HEADERS',
    exitCode: 8,
  },
  {
    title: 'another protocol is no HTTP, and is not waited for',
    sends: 'SSH-2.0-OpenSSH_9.9\r\n',
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
  },
  {
    title: 'another protocol that hangs up is no HTTP',
    sends: 'SSH-2.0-OpenSSH_9.9\r\n',
    finish: true,
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
  },
  {
    title: 'two Content-Length lines are refused',
    sends: `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 11\r\nContent-Length: 11\r\n\r\n${EVENT}`,
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
  },
  {
    title: 'Content-Length beside chunks is refused',
    sends: `${streamHead.chunked.replace('\r\n\r\n', '\r\nContent-Length: 5\r\n\r\n')}b\r\n${EVENT}\r\n0\r\n\r\n`,
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
  },
  {
    title: 'of two Content-Types the last one counts',
    sends: `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: text/event-stream\r\nContent-Length: 11\r\n\r\n${EVENT}`,
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: 'a transfer coding that nobody asked for is not taken for text',
    sends: `${head('200 OK', { ...EVENT_STREAM, 'Transfer-Encoding': 'gzip, chunked' })}b\r\n${EVENT}\r\n0\r\n\r\n`,
    reason: 'protocol',
    code: 'BAD_ENCODING',
    exitCode: 8,
  },
  {
    title: 'nor is one that is not chunked on top',
    sends: `${head('200 OK', { ...EVENT_STREAM, 'Transfer-Encoding': 'X-Own;level=1' })}${EVENT}`,
    finish: true,
    reason: 'protocol',
    code: 'BAD_ENCODING',
    exitCode: 8,
  },
  {
    title: 'an answer that says that it has no transfer coding has none',
    sends: `${head('200 OK', { ...EVENT_STREAM, 'Transfer-Encoding': 'identity' })}${EVENT}`,
    finish: true,
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: 'the status of an answer counts before its transfer coding',
    sends: `${head('404 Not Found', { 'Transfer-Encoding': 'gzip, chunked' })}2\r\n\x1f\x8b\r\n0\r\n\r\n`,
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 4,
  },
  {
    title: 'a broken chunk size after an event is no HTTP',
    sends: `${streamHead.chunked}b\r\n${EVENT}\r\nxyz\r\n`,
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
    events: 1,
  },
  {
    title: 'Content-Length beside chunks is no HTTP: whom should one believe?',
    sends: head('200 OK', {
      'Content-Type': 'text/event-stream',
      'Content-Length': 11,
      'Transfer-Encoding': 'chunked',
    }),
    reason: 'protocol',
    code: 'NOT_HTTP',
    exitCode: 8,
  },
  {
    title: 'a switch of protocols that nobody asked for is no answer',
    sends: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    reason: 'protocol',
    exitCode: 8,
  },
  {
    title: 'headers of a megabyte are refused',
    sends: head('200 OK', { 'X-Long': 'a'.repeat(1 << 20) }),
    reason: 'protocol',
    code: 'HEADERS_TOO_LARGE',
    exitCode: 8,
  },
  {
    title: 'headers of 200 KB are taken',
    sends:
      head('200 OK', {
        'Content-Type': 'text/event-stream',
        'X-Long': 'a'.repeat(200_000),
        'Content-Length': 11,
      }) + EVENT,
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: '103 Early Hints are passed over',
    sends: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${streamHead.length(EVENT.length)}${EVENT}`,
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: '103 Early Hints that say close do not end the answer',
    sends: `HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n${streamHead.length(EVENT.length)}${EVENT}`,
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: '204 means that there is no stream',
    sends: 'HTTP/1.1 204 No Content\r\n\r\n',
    reason: 'no_content',
    code: 'NO_CONTENT',
    exitCode: 52,
  },
  {
    title: '304 has no body to wait for',
    sends: 'HTTP/1.1 304 Not Modified\r\n\r\n',
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 3,
  },
  {
    title: '302 without Location is a status',
    sends: answer('302 Found'),
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 3,
  },
  {
    title: '404 is a status',
    sends: answer('404 Not Found', {}, 'nope!'),
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 4,
  },
  {
    title: '503 is a status',
    sends: answer('503 Service Unavailable'),
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 5,
  },
  {
    title: '206 is a success that no EventSource takes',
    sends: answer('206 Partial Content', { 'Content-Type': 'text/event-stream' }, EVENT),
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 11,
  },
  {
    title: '201 to a GET is refused as well',
    sends: answer('201 Created', { 'Content-Type': 'text/event-stream' }, EVENT),
    reason: 'status',
    code: 'HTTP_STATUS',
    exitCode: 11,
  },
  {
    title: 'HTML is the wrong type',
    sends: answer('200 OK', { 'Content-Type': 'text/html' }, '<html>'),
    reason: 'wrong_type',
    code: 'WRONG_TYPE',
    exitCode: 11,
  },
  {
    title: 'a type that only starts like the right one is wrong',
    sends: answer('200 OK', { 'Content-Type': 'text/event-streams' }, EVENT),
    reason: 'wrong_type',
    code: 'WRONG_TYPE',
    exitCode: 11,
  },
  {
    title: 'no type at all is wrong',
    sends: answer('200 OK', {}, EVENT),
    reason: 'wrong_type',
    code: 'WRONG_TYPE',
    exitCode: 11,
  },
  {
    title: 'the type is compared without case and parameters',
    sends: answer('200 OK', { 'Content-Type': 'Text/Event-Stream ; charset=utf-8' }, EVENT),
    reason: 'eof',
    exitCode: 0,
    events: 1,
  },
  {
    title: 'silence before the headers is an idle timeout',
    sends: '',
    request: { idleTimeoutMs: 120 },
    reason: 'idle',
    code: 'IDLE_TIMEOUT',
    exitCode: 28,
  },
  {
    title: 'silence after the headers is an idle timeout',
    sends: streamHead.chunked,
    request: { idleTimeoutMs: 120 },
    reason: 'idle',
    code: 'IDLE_TIMEOUT',
    exitCode: 28,
  },
  {
    title: 'silence after an event is an idle timeout',
    sends: streamHead.close + EVENT,
    request: { idleTimeoutMs: 1_000 },
    reason: 'idle',
    code: 'IDLE_TIMEOUT',
    exitCode: 28,
    events: 1,
  },
];

describe('an answer over HTTP/1.1:', () => {
  for (const { title, sends, finish, request, reason, code, exitCode, events } of cases) {
    test(title, async (t) => {
      const serve = async (client: RawConnection) => {
        await client.write(sends);
        if (finish) client.finish();
      };
      const server = await rawServer(t, answering(serve));
      const { close } = await attempt(t, server.url, request);
      assert.equal(close.reason, reason, close.error?.message);
      if (code !== undefined) assert.equal(close.error?.code, code);
      assert.equal(close.error?.exitCode ?? 0, exitCode);
      assert.equal(close.events, events ?? 0);
    });
  }

  test('201 to a POST streams, with a warning', async (t) => {
    const sends = answer('201 Created', { 'Content-Type': 'text/event-stream' }, EVENT);
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { recording, close } = await attempt(t, server.url, { method: 'POST', body: Buffer.from('{}') });
    assert.equal(close.reason, 'eof');
    assert.deepEqual(recording.data, ['one']);
    assert.deepEqual(
      recording.warnings.map((warning) => warning.code),
      ['status-201'],
    );
    assert.equal(server.requests[0]?.body.toString(), '{}');
  });

  test('a clean end is as old as the read that brought it', async (t) => {
    const sends = answer('200 OK', { 'Content-Type': 'text/event-stream' }, EVENT);
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof');
    assert.equal(close.marks.end, close.marks.firstEvent);
  });

  test('a body that breaks the rules after an event is not taken for the wrong port', async (t) => {
    const sends = `${streamHead.chunked}b\r\n${EVENT}\r\nxyz\r\n`;
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { close } = await attempt(t, server.url);
    assert.match(close.error?.message ?? '', /body broke the rules/);
    assert.doesNotMatch(close.error?.hint ?? '', /port/);
  });

  test('what is wrong with a transfer coding is told', async (t) => {
    // In two lines, which are one list (RFC 9110 §5.3).
    const sends = streamHead.chunked.replace('\r\n', '\r\nTransfer-Encoding: gzip\r\n');
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { close } = await attempt(t, server.url);
    assert.equal(close.error?.message, 'the body is sent with the transfer coding "gzip, chunked"');
    assert.match(close.error?.hint ?? '', /Content-Encoding/);
  });

  for (const coded of [{ 'Content-Encoding': 'gzip' }, { 'Transfer-Encoding': 'gzip' }]) {
    test(`an error page is not shown as gibberish: ${JSON.stringify(coded)}`, async (t) => {
      const sends = `${head('500 Oops', { 'Content-Type': 'text/plain', ...coded })}\x1f\x8b\x08`;
      const serve = async (client: RawConnection) => {
        await client.write(sends);
        client.finish();
      };
      const server = await rawServer(t, answering(serve));
      const { close } = await attempt(t, server.url);
      assert.equal(close.reason, 'status');
      assert.equal(close.body, undefined);
    });
  }

  test('an error page is kept, up to its first 2 KB', async (t) => {
    const sends = answer('500 Oops', { 'Content-Type': 'text/plain' }, 'x'.repeat(100_000));
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.body, 'x'.repeat(2048));
    assert.deepEqual(recording.order, ['open', 'close']);
  });

  test('an error page that never ends is not waited for', async (t) => {
    const serve = (client: RawConnection) =>
      client.write(`${head('404 Not Found', { 'Content-Type': 'text/plain' })}gone`);
    const server = await rawServer(t, answering(serve));
    const { close } = await attempt(t, server.url);
    assert.equal(close.reason, 'status');
    assert.equal(close.body, 'gone');
  });

  test('HTTP/1.0 is told as such, also when the answer comes byte by byte', async (t) => {
    const bytes = `HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${EVENT}`;
    const serve = async (client: RawConnection) => {
      for (const byte of bytes) {
        await client.write(byte);
        await new Promise(setImmediate);
      }
      client.finish();
    };
    const server = await rawServer(t, answering(serve));
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof');
    assert.equal(recording.opens[0]?.http, '1.0');
    assert.deepEqual(recording.data, ['one']);
  });

  test('bytes behind a complete body change nothing', async (t) => {
    const sends = `${streamHead.length(EVENT.length)}${EVENT}data: more\n\n`;
    const server = await rawServer(
      t,
      answering((client) => client.write(sends)),
    );
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof');
    assert.deepEqual(recording.data, ['one']);
  });

  test('an event over the size limit ends the attempt with an error of its own', async (t) => {
    const serve = (client: RawConnection) => client.write(`${streamHead.close}data: ${'x'.repeat(5000)}`);
    const server = await rawServer(t, answering(serve));
    const { close } = await attempt(t, server.url, { maxEventSizeBytes: 1000 });
    assert.equal(close.reason, 'client');
    assert.equal(close.by, 'error');
    assert.equal(close.error?.code, 'EVENT_TOO_LARGE');
    assert.equal(close.error?.exitCode, 12);
  });
});
