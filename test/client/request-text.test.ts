import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import type { RequestHead } from '../../src/client/exchange.ts';
import { requestText } from '../../src/client/request-text.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { attempt } from './recorded-attempt.ts';

function textOf(changes: Partial<RequestHead>, forwarded = false): string {
  const url = new URL('http://host.example:81/a/b?c=d#e');
  return requestText({ method: 'GET', url, headers: [], ...changes }, forwarded);
}

describe('the text of a request', () => {
  test('has the target, the host, and the headers as they are', () => {
    assert.equal(
      textOf({
        headers: [
          ['X-A', '1'],
          ['x-a', ''],
        ],
      }),
      'GET /a/b?c=d HTTP/1.1\r\nhost: host.example:81\r\nconnection: keep-alive\r\nX-A: 1\r\nx-a: \r\n\r\n',
    );
  });

  test('has the whole URL for a proxy', () => {
    assert.match(textOf({}, true), /^GET http:\/\/host\.example:81\/a\/b\?c=d HTTP\/1\.1\r\n/);
  });

  test('takes Host and Connection: close from the headers', () => {
    const text = textOf({
      headers: [
        ['HOST', 'other'],
        ['Connection', 'X-A, Close'],
      ],
    });
    assert.match(text, /\r\nhost: other\r\nconnection: close\r\n\r\n$/);
  });

  test('tells the length of a body, and that a POST has none', () => {
    const body = Buffer.from('größe');
    assert.match(textOf({ method: 'POST', body }), /\r\ncontent-length: 7\r\n\r\n$/);
    assert.match(textOf({ method: 'POST', body, headers: [['Content-Length', '7']] }), /-length: 7\r\n\r\n$/);
    assert.match(textOf({ method: 'POST' }), /\r\ncontent-length: 0\r\n\r\n$/);
    assert.doesNotMatch(textOf({}), /content-length/);
  });

  const refused: [string, Partial<RequestHead>][] = [
    ['a method that is none', { method: 'GET /evil' }],
    ['a name that is none', { headers: [['X A', '1']] }],
    ['a line ending in a value', { headers: [['X-A', '1\r\nX-B: 2']] }],
    ['Transfer-Encoding', { headers: [['transfer-encoding', 'chunked']] }],
    [
      'two hosts',
      {
        headers: [
          ['Host', 'a'],
          ['Host', 'b'],
        ],
      },
    ],
    ['a length that is not that of the body', { headers: [['Content-Length', '5']] }],
  ];
  for (const [title, changes] of refused) {
    test(`is refused for ${title}`, () => {
      assert.throws(
        () => textOf(changes),
        (error) => error instanceof SseKitError && error.code === 'REQUEST_INVALID',
      );
    });
  }

  test('ends the attempt where it is refused, and nothing is sent', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const { recording, close } = await attempt(t, server.url, { headers: [['Upgrade', 'websocket']] });
    assert.equal(close.reason, 'protocol');
    assert.equal(close.error?.code, 'REQUEST_INVALID');
    assert.equal(close.error?.exitCode, 2);
    assert.equal(close.marks.sent, undefined);
    assert.deepEqual(recording.order, ['close']);
  });
});
