import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  parameters,
  parseAddress,
  requestUrl,
  WrongAddress,
  withParameters,
} from '../../../src/mock/page/browser/target.ts';

const ORIGIN = 'http://127.0.0.1:4000';
const address = (text: string) => parseAddress(text, ORIGIN).address;

describe('an address that is typed', () => {
  test('is a path, with or without its slash, or a whole URL of this server', () => {
    assert.equal(address('/events'), '/events');
    assert.equal(address('  events '), '/events');
    assert.equal(address(`${ORIGIN}/events?n=1`), '/events?n=1');
    assert.equal(address(''), '/');
  });

  test('stays readable where a query may be', () => {
    const text = '/events?fault=conn:1:split=utf8@3&fault=slow=1KB/s&interval=50ms';
    assert.equal(address(text), text);
    assert.equal(address('/a?x=%40%3A%2F%2C'), '/a?x=@:/,');
    assert.equal(address('/a?x=1%25&y=a%26b'), '/a?x=1%25&y=a%26b');
  });

  test('of another server is refused, and the message says whose streams are read', () => {
    for (const other of ['http://127.0.0.1:4001/', 'https://127.0.0.1:4000/', '//example.com/x', 'http://']) {
      assert.throws(() => address(other), WrongAddress, other);
    }
    assert.throws(
      () => address('http://example.com/events'),
      /its own server only: http:\/\/127\.0\.0\.1:4000/,
    );
    assert.throws(() => address('javascript://x/%0aalert(1)'), WrongAddress);
  });

  test('gives up its token', () => {
    assert.deepEqual(parseAddress('/events?token=s3cret&n=1', ORIGIN), {
      address: '/events?n=1',
      token: 's3cret',
    });
    assert.deepEqual(parseAddress('/events', ORIGIN), { address: '/events', token: undefined });
  });
});

describe('parameters of an address', () => {
  test('are read, changed in place, and taken out', () => {
    assert.deepEqual(parameters('/events?fault=eof@2&fault=bom', 'fault'), ['eof@2', 'bom']);
    assert.deepEqual(parameters('http://[', 'fault'), []);
    assert.equal(
      withParameters('/events?interval=1s&n=2', 'interval', ['50ms']),
      '/events?interval=50ms&n=2',
    );
    assert.equal(
      withParameters('/events', 'fault', ['reset@3', 'jitter=5ms']),
      '/events?fault=reset@3&fault=jitter=5ms',
    );
    assert.equal(withParameters('/events?preset=mcp&n=2', 'preset', ['']), '/events?n=2');
    assert.equal(withParameters('/events?a', 'a', []), '/events');
  });

  test('keep any value, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 3 }), (values) => {
        const written = withParameters('/events?x=1', 'fault', values);
        assert.deepEqual(new URL(written, ORIGIN).searchParams.getAll('fault'), values);
        assert.equal(parameters(written, 'x')[0], '1');
        assert.equal(address(written), written);
      }),
    );
  });
});

describe('the URL that is requested', () => {
  test('has the token, which the address has not', () => {
    assert.equal(requestUrl('/events', ORIGIN, ''), `${ORIGIN}/events`);
    assert.equal(requestUrl('/events', ORIGIN, 'a&b c'), `${ORIGIN}/events?token=a%26b%20c`);
    assert.equal(requestUrl('/events?n=1', ORIGIN, 't'), `${ORIGIN}/events?n=1&token=t`);
  });
});
