import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestHeaders, responseHeaders } from '../../../src/mock/upstream/headers.ts';

const by = { remoteAddress: '10.0.0.9', httpVersion: '1.1', pseudonym: 'ssekit-1', authorization: undefined };
const upstream = new URL('http://up:3000/');

describe('the headers of a request that is passed on', () => {
  test('are those of the client, without those of its connection, its host, length and codings', () => {
    const headers = {
      accept: 'text/event-stream',
      'last-event-id': '7',
      authorization: 'Bearer x',
      cookie: 'a=1; b=2',
      host: 'mock:4000',
      'accept-encoding': 'gzip',
      'content-length': '3',
      expect: '100-continue',
      connection: 'keep-alive, x-hop',
      'keep-alive': 'timeout=1',
      'x-hop': '1',
      te: 'trailers',
      upgrade: 'h2c',
      'http2-settings': 'A',
      'proxy-authorization': 'Basic x',
      'transfer-encoding': 'chunked',
    };
    assert.deepEqual(requestHeaders(headers, { ...by, authorization: 'Basic own' }), [
      ['accept', 'text/event-stream'],
      ['last-event-id', '7'],
      ['authorization', 'Bearer x'],
      ['cookie', 'a=1; b=2'],
      ['x-forwarded-for', '10.0.0.9'],
      ['via', '1.1 ssekit-1'],
    ]);
  });

  test('say who asked, behind those who asked before, and whose password it is', () => {
    const headers = { 'x-forwarded-for': '1.2.3.4', via: '1.0 other' };
    assert.deepEqual(requestHeaders(headers, { ...by, authorization: 'Basic own' }), [
      ['x-forwarded-for', '1.2.3.4, 10.0.0.9'],
      ['via', '1.0 other, 1.1 ssekit-1'],
      ['authorization', 'Basic own'],
    ]);
  });
});

describe('the headers of an answer that is passed back', () => {
  test('are those of the upstream in their order, without those of its connection', () => {
    const headers = responseHeaders(
      [
        ['Set-Cookie', 'a=1'],
        ['Connection', 'close, X-Hop'],
        ['X-Hop', '1'],
        ['Date', 'then'],
        ['Set-Cookie', 'b=2'],
        ['Transfer-Encoding', 'chunked'],
        ['X-Name', 'Zoë'],
      ],
      upstream,
    );
    assert.deepEqual(headers, [
      ['Set-Cookie', 'a=1'],
      ['Date', 'then'],
      ['Set-Cookie', 'b=2'],
      ['X-Name', Buffer.from('Zoë').toString('latin1')],
    ]);
  });

  test('leave the length to what is no stream', () => {
    const length = ['Content-Length', '10'] as const;
    const type = ['Content-Type', 'text/event-stream; charset=utf-8'] as const;
    assert.deepEqual(responseHeaders([type, length], upstream), [type]);
    const page = [['Content-Type', 'text/html'], length] as const;
    assert.deepEqual(responseHeaders(page, upstream), page);
  });
});
