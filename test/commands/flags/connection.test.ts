import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNoProxy, parseProxy, parseProxyUrl, proxyRules } from '../../../src/commands/flags/proxy.ts';
import { parseConnectTo, parseResolve } from '../../../src/commands/flags/routing.ts';
import { parseCertificate, tlsOptions } from '../../../src/commands/flags/tls.ts';
import { assertInvalid } from '../../notation/rejection.ts';
import { assertUsageError } from './rejection.ts';

const HTTP = new URL('http://example.com/');
const HTTPS = new URL('https://example.com/');

test('a proxy without a scheme is http, and without a port 1080, as in curl', () => {
  assert.equal(parseProxyUrl('proxy.local:3128').href, 'http://proxy.local:3128/');
  assert.equal(parseProxyUrl('proxy.local').href, 'http://proxy.local:1080/');
  assert.equal(parseProxyUrl('http://proxy.local:80').port, '');
  assert.equal(parseProxyUrl('https://proxy.local').href, 'https://proxy.local/');
  assert.equal(parseProxyUrl('u:p@[::1]').href, 'http://u:p@[::1]:1080/');
});

test('a proxy keeps its user and password', () => {
  const url = parseProxyUrl('http://me:s%40fe@proxy:3128');
  assert.deepEqual([url.username, url.password], ['me', 's%40fe']);
});

test('socks proxies are refused by name', () => {
  assertInvalid(() => parseProxyUrl('socks5h://127.0.0.1:9050'), /socks5h:\/\/ proxies are not supported/);
});

test('a wrong proxy is refused without showing its password', () => {
  assertInvalid(() => parseProxyUrl('http://me:hunter2@'), /^(?!.*hunter2).*is not a proxy/s);
  assertInvalid(() => parseProxyUrl('ftp://proxy'), /ftp:\/\/ is not a proxy/);
  assertInvalid(() => parseProxyUrl('http://me:50%@proxy'), /written %25/);
});

test('the flag beats the environment, and an empty one means no proxy', () => {
  const env = { http_proxy: 'http://env:1' };
  const flag = parseProxyUrl('http://flag:2');
  assert.equal(proxyRules({ proxy: flag }, env, HTTP).http?.host, 'flag:2');
  assert.equal(proxyRules({ proxy: flag }, env, HTTP).https?.host, 'flag:2');
  assert.deepEqual(proxyRules({ proxy: parseProxy('') }, env, HTTP), { noProxy: [] });
});

test('the environment is read in lower and upper case, the lower first', () => {
  assert.equal(proxyRules({}, { http_proxy: 'low:1', HTTP_PROXY: 'up:2' }, HTTP).http?.host, 'low:1');
  assert.equal(proxyRules({}, { HTTP_PROXY: 'up:2' }, HTTP).http?.host, 'up:2');
  assert.equal(proxyRules({}, { HTTPS_PROXY: 'up:3' }, HTTPS).https?.host, 'up:3');
  assert.equal(proxyRules({}, { ALL_PROXY: 'all:4' }, HTTPS).https?.host, 'all:4');
});

test('hosts without a proxy come from the flag, else from the environment', () => {
  const env = { HTTP_PROXY: 'p:1', NO_PROXY: 'a.com, .b.com' };
  assert.deepEqual(proxyRules({}, env, HTTP).noProxy, ['a.com', '.b.com']);
  assert.deepEqual(proxyRules({ noproxy: parseNoProxy('c.com') }, env, HTTP).noProxy, ['c.com']);
  assert.deepEqual(proxyRules({ noproxy: parseNoProxy('*') }, env, HTTP), { noProxy: ['*'] });
});

test('a socks proxy in the environment is reported where the request would take it', async () => {
  const env = { ALL_PROXY: 'socks5://x:1', http_proxy: 'http://ok:2' };
  await assertUsageError(
    () => proxyRules({}, env, HTTPS),
    /ALL_PROXY in the environment: socks5.*--noproxy '\*' goes without/s,
  );
  assert.equal(proxyRules({}, env, HTTP).http?.host, 'ok:2');
});

test('--resolve takes addresses for a host and port', () => {
  assert.deepEqual(parseResolve('example.com:443:127.0.0.1,[::1]'), {
    host: 'example.com',
    port: '443',
    addresses: ['127.0.0.1', '::1'],
  });
  assert.deepEqual(parseResolve('+*:80:::1').addresses, ['::1']);
});

test('--resolve refuses names, ports and shapes that make no sense', () => {
  assertInvalid(
    () => parseResolve('example.com:443:other.com'),
    /"other.com" is not an IP address\n.*--connect-to/,
  );
  assertInvalid(() => parseResolve('example.com:127.0.0.1'), /is not host:port:address/);
  assertInvalid(() => parseResolve('example.com:99999:127.0.0.1'), /port 99999 is not between/);
});

test('--connect-to takes four parts that may be empty', () => {
  assert.deepEqual(parseConnectTo('a.com:443:[::1]:8443'), {
    host: 'a.com',
    port: '443',
    toHost: '::1',
    toPort: '8443',
  });
  assert.deepEqual(parseConnectTo('::127.0.0.1:'), { host: '', port: '', toHost: '127.0.0.1', toPort: '' });
  assertInvalid(() => parseConnectTo('a.com:b.com'), /is not host:port:to-host:to-port/);
});

test('a certificate may carry its password after a colon', () => {
  assert.deepEqual(parseCertificate('me.pem:se:cret'), { path: 'me.pem', passphrase: 'se:cret' });
  assert.deepEqual(parseCertificate('a\\:b.pem'), { path: 'a:b.pem' });
  assert.deepEqual(parseCertificate('me.pem'), { path: 'me.pem' });
  assertInvalid(() => parseCertificate(':secret'), /file name is empty/);
});

const CERT = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n';
const PEMS: Record<string, string> = { cert: CERT, key: KEY, both: CERT + KEY, der: '\x30\x82' };
const files = { read: async (path: string) => Buffer.from(PEMS[path] ?? '') };

test('certificate and key are read from one file or two', async () => {
  assert.deepEqual(await tlsOptions({ cert: { path: 'both' } }, files), {
    insecure: false,
    cert: CERT + KEY,
    key: CERT + KEY,
  });
  const two = await tlsOptions(
    { cert: { path: 'cert', passphrase: 'p' }, key: 'key', cacert: 'cert' },
    files,
  );
  assert.deepEqual(two, { insecure: false, ca: [CERT], cert: CERT, key: KEY, passphrase: 'p' });
});

test('files that hold no PEM, and halves of a pair, are refused', async () => {
  await assertUsageError(
    () => tlsOptions({ cacert: 'der' }, files),
    /--cacert: der holds no certificate in PEM/,
  );
  await assertUsageError(
    () => tlsOptions({ cert: { path: 'cert' } }, files),
    /holds no private key\n.*--key/,
  );
  await assertUsageError(() => tlsOptions({ key: 'key' }, files), /--cert FILE is missing/);
});
