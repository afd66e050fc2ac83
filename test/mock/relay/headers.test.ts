import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderPair } from '../../../src/client/records.ts';
import { changedHeaders, contentOf, endToEnd } from '../../../src/mock/relay/headers.ts';

describe('relayed headers', () => {
  test('leave out those of the connection, and those that it names', () => {
    const headers: HeaderPair[] = [
      ['Connection', 'close, X-Hop , '],
      ['X-HOP', '1'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['Content-Type', 'text/plain'],
    ];
    assert.deepEqual(endToEnd(headers), [['Content-Type', 'text/plain']]);
  });

  test('tell a stream, one in a coding, and anything else', () => {
    const type = ['Content-Type', 'text/event-stream;charset=utf-8'] as const;
    assert.equal(contentOf([type]), 'events');
    assert.equal(contentOf([type, ['Content-Encoding', 'identity']]), 'events');
    assert.equal(contentOf([type, ['content-encoding', 'gzip']]), 'coded stream');
    assert.equal(contentOf([['content-type', 'text/html']]), 'other');
    assert.equal(contentOf([]), 'other');
  });

  test('are changed by faults by their names in lower case, those that come twice kept', () => {
    const headers: HeaderPair[] = [
      ['Content-Type', 'text/event-stream'],
      ['Set-Cookie', 'a=1'],
      ['X-Gone', '1'],
      ['Set-Cookie', 'b=2'],
    ];
    const changed = changedHeaders(headers, (found) => {
      found['content-type'] = 'text/plain';
      found['content-encoding'] = 'gzip';
      delete found['x-gone'];
    });
    assert.deepEqual(changed, [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['content-type', 'text/plain'],
      ['content-encoding', 'gzip'],
    ]);
  });
});
