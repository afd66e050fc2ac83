import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bypassesProxy } from '../../src/client/no-proxy.ts';

describe('NO_PROXY', () => {
  const cases: [entry: string, host: string, port: number, bypassed: boolean][] = [
    ['*', 'anything.example', 80, true],
    ['example.com', 'example.com', 80, true],
    ['example.com', 'a.b.example.com', 80, true],
    ['example.com', 'notexample.com', 80, false],
    ['example.com', 'example.com.evil', 80, false],
    ['.example.com', 'a.example.com', 80, true],
    ['.example.com', 'example.com', 80, true],
    ['*.example.com', 'a.example.com', 80, true],
    ['EXAMPLE.com', 'Example.COM', 80, true],
    [' example.com ', 'example.com', 80, true],
    ['example.com.', 'example.com', 80, true],
    ['example.com', 'example.com.', 80, true],
    ['example.com:8080', 'example.com', 8080, true],
    ['example.com:8080', 'example.com', 80, false],
    ['127.0.0.1', '127.0.0.1', 80, true],
    ['127.0.0.1', '127.0.0.10', 80, false],
    ['0.0.1', '127.0.0.1', 80, false],
    ['127.0.0.1:81', '127.0.0.1', 80, false],
    ['10.0.0.0/8', '10.200.3.4', 80, true],
    ['10.0.0.0/8', '11.0.0.1', 80, false],
    ['10.0.0.0/8', 'ten.example', 80, false],
    ['10.0.0.0/33', '10.0.0.1', 80, false],
    ['::1', '[::1]', 80, true],
    ['[::1]', '[::1]', 80, true],
    ['[::1]:8080', '[::1]', 8080, true],
    ['[::1]:8080', '[::1]', 80, false],
    ['fd00::/8', '[fd12::3]', 80, true],
    ['fd00::/8', '10.0.0.1', 80, false],
    ['', 'example.com', 80, false],
  ];
  for (const [entry, host, port, bypassed] of cases) {
    test(`${JSON.stringify(entry)} ${bypassed ? 'covers' : 'does not cover'} ${host}:${port}`, () => {
      assert.equal(bypassesProxy(host, port, [entry]), bypassed);
    });
  }

  test('covers what any of its entries covers', () => {
    assert.equal(bypassesProxy('b.example', 80, ['a.example', 'b.example']), true);
    assert.equal(bypassesProxy('c.example', 80, ['a.example', 'b.example']), false);
    assert.equal(bypassesProxy('c.example', 80, []), false);
  });
});
