import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget } from '../../src/commands/target.ts';
import { oneUrl } from '../../src/commands/url-argument.ts';
import { assertUsageError } from './flags/rejection.ts';

function urlOf(text: string): string {
  const target = parseTarget(text);
  assert.equal(target.kind, 'http');
  return target.kind === 'http' ? target.url.href : '';
}

test('a whole URL is taken as it is, without its fragment', () => {
  assert.equal(urlOf('https://example.com/a?b=c#d'), 'https://example.com/a?b=c');
  assert.equal(urlOf('HTTP://Example.com'), 'http://example.com/');
});

test('a port alone means this machine', () => {
  assert.equal(urlOf(':3000/events'), 'http://localhost:3000/events');
  assert.equal(urlOf(':3000'), 'http://localhost:3000/');
  assert.equal(urlOf(':3000?a=1'), 'http://localhost:3000/?a=1');
});

test('http is assumed where the scheme is missing', () => {
  assert.equal(urlOf('localhost:3000/events'), 'http://localhost:3000/events');
  assert.equal(urlOf('example.com'), 'http://example.com/');
  assert.equal(urlOf('127.0.0.1:80/x'), 'http://127.0.0.1/x');
  assert.equal(urlOf('[::1]:3000/x'), 'http://[::1]:3000/x');
  assert.equal(urlOf('redis:6379/x'), 'http://redis:6379/x');
  assert.equal(urlOf('host/?next=https://other.example/'), 'http://host/?next=https://other.example/');
});

test('credentials in a URL become an Authorization header', () => {
  for (const text of ['http://me:p%40ss@host/x', 'me:p%40ss@host/x']) {
    const target = parseTarget(text);
    assert.ok(target.kind === 'http');
    assert.equal(target.url.href, 'http://host/x');
    assert.equal(target.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  }
});

test('a dash is standard input, demo: the embedded server with path and query', () => {
  assert.deepEqual(parseTarget('-'), { kind: 'stdin' });
  assert.deepEqual(parseTarget('demo:'), { kind: 'demo', path: '' });
  assert.deepEqual(parseTarget('demo:/a?b=1'), { kind: 'demo', path: '/a?b=1' });
  assert.deepEqual(parseTarget('demo:?b=1'), { kind: 'demo', path: '?b=1' });
});

const WRONG: [text: string, says: RegExp][] = [
  ['', /the URL is empty/],
  ['   ', /the URL is empty/],
  ['http://a b', /contains a space/],
  ["curl 'http://a' -H 'x: y'", /without quotes around it/],
  ['ftp://host/x', /ftp: is not supported/],
  ['ws://host/x', /WebSocket/],
  ['file:///tmp/x', /ssekit listen - < FILE/],
  ['unix:/tmp/x', /--unix-socket PATH/],
  ['http:example.com', /two slashes.*\nWrite http:\/\/example.com/],
  ['http:/example.com', /Write http:\/\/example.com/],
  ['http://', /the host is missing/],
  ['http://:3000/x', /the host is missing/],
  ['/events', /the host is missing\nFor example: http:\/\/localhost:3000\/events/],
  ['//host/events', /For example: http:\/\/host\/events/],
  [':events', /a port number is missing/],
  ['::1', /in brackets/],
  ['fe80::1/x', /in brackets/],
  ['http://host:99999', /port 99999 is above 65535/],
  ['host:abc/x', /"abc" is not a port number/],
  ['http://ho<st/', /"ho<st" is not a host name/],
];

for (const [text, says] of WRONG) {
  test(`${JSON.stringify(text)} is refused with what is wrong`, () =>
    assertUsageError(() => parseTarget(text), says));
}

test('no message repeats a password or token of the URL', async () => {
  for (const text of [
    'http://me:hunter2@ho st',
    'me:hunter2@h:x',
    'http:/me:hunter2@h',
    'ho st/?token=hunter2',
  ]) {
    await assertUsageError(() => parseTarget(text), /^(?!.*hunter2).*is not a URL/s);
  }
  await assertUsageError(
    () => oneUrl(['http://a/', 'http://me:hunter2@b/'], []),
    /^(?!.*hunter2).*too many/s,
  );
});
