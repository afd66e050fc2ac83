import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertUsageError } from '../flags/rejection.ts';
import { settled } from './command-line.ts';

const request = async (argv: readonly string[], world = {}) => (await settled(argv, world)).options.request;

describe('the URLs of bench', () => {
  test('may be several, and a pasted curl line', async () => {
    const { urls, method, body } = await request([
      ...['curl', 'http://h/a', '-sSN', '-XPUT', '-d', 'x=1', ':3000/b?q=1#f', '--url', 'h:8/c'],
    ]);
    assert.deepEqual(urls, ['http://h/a', 'http://localhost:3000/b?q=1', 'http://h:8/c']);
    assert.equal(method, 'PUT');
    assert.equal(Buffer.from(body ?? []).toString(), 'x=1');
  });

  test('may be paths of the embedded server, which no proxy leads to', async () => {
    const made = await request(['demo:', 'demo:/x?interval=1s'], { env: { http_proxy: 'http://proxy' } });
    assert.deepEqual(made.urls, ['http://127.0.0.1/', 'http://127.0.0.1/x?interval=1s']);
    assert.deepEqual(made.connection.proxy, { noProxy: [] });
  });

  test('go through the proxies of the environment', async () => {
    const { connection } = await request(['h'], { env: { http_proxy: 'http://me:w@proxy:3128' } });
    assert.equal(connection.proxy.http, 'http://me:w@proxy:3128/');
  });

  for (const [argv, message] of [
    [[], /the URL is missing/],
    [['-'], /- is standard input, which is no server/],
    [['demo:', ':1'], /demo: is beside other URLs/],
    [['http://a:b@h', 'http://c:d@h'], /the URLs have different users and passwords/],
    [['https://h', 'http://h', '--http2'], /--http2: some of the URLs are https:/],
  ] as const) {
    test(`are refused: ${argv.join(' ')}`, () => assertUsageError(() => settled(argv), message));
  }

  test('may have one user and password', async () => {
    const { headers, urls } = await request(['http://a:b@h/1', 'http://a:b@h/2']);
    assert.deepEqual(urls, ['http://h/1', 'http://h/2']);
    assert.equal(headers.filter(([name]) => name === 'Authorization').length, 1);
  });
});

describe('users of bench', () => {
  const files = { 'u.csv': 'id,token\n1,a\n2,"b\nc"\n' };

  test('come from a file, and fill places in URL, header and body', async () => {
    const { options } = await settled([':1/{{id}}?u={{token}}', '--users', 'u.csv'], { files });
    assert.deepEqual(options.users, {
      columns: ['id', 'token'],
      rows: [
        ['1', 'a'],
        ['2', 'b\nc'],
      ],
    });
  });

  for (const [argv, message] of [
    [[':1/{{di}}'], /--users u.csv: \{\{di\}\}: the users have no such column\nDid you mean \{\{id\}\}\?/],
    [[':1/'], /--users u.csv: no URL, header or body has a place/],
    [
      [':1/', '--bearer', '{{token}}'],
      /--users u.csv: line 3: the value of token can't stand in the header Authorization/,
    ],
    [[':1/', '-u', '{{id}}:{{token}}'], /--user: it is encoded before users fill their places/],
  ] as const) {
    test(`are refused: ${argv.join(' ')}`, () =>
      assertUsageError(() => settled([...argv, '--users', 'u.csv'], { files }), message));
  }

  test('are missed where the request has places for them', async () => {
    assert.match((await settled([':1/{{id}}'])).notes.join(), /--users gives it values/);
    assert.deepEqual((await settled([':1/', '--json', '{"a":{"b":1}}'])).notes, []);
  });
});
