import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../../src/commands/command-line.ts';
import type { FileReader } from '../../../src/commands/flags/files.ts';
import { buildRequest } from '../../../src/commands/flags/request.ts';
import type { RequestFlags } from '../../../src/commands/flags/request-flags.ts';
import { shape } from '../../../src/commands/listen.ts';
import { VERSION } from '../../../src/commands/version.ts';
import { assertUsageError } from './rejection.ts';

const FILES: Record<string, string> = {
  'token.txt': 'from-file\n',
  'bad.txt': 'two\nlines',
  'empty.txt': '\n',
};
const files: FileReader = { read: async (path) => Buffer.from(FILES[path] ?? assert.fail(`read ${path}`)) };

async function build(argv: string[], { url = 'https://host/x', authorization = '', env = {} } = {}) {
  const line = await parseLine<RequestFlags>(shape(), argv, {});
  assert.ok(line);
  const target = { url: new URL(url), ...(authorization === '' ? {} : { authorization }) };
  return buildRequest(target, line.flags, { env, files });
}

async function headers(argv: string[], more = {}): Promise<Record<string, string>> {
  return Object.fromEntries((await build(argv, more)).request.headers);
}

test('a request carries Accept, Cache-Control and User-Agent, and nothing else', async () => {
  const { request, notes, lastEventId } = await build([]);
  assert.deepEqual(request.headers, [
    ['Accept', 'text/event-stream'],
    ['Cache-Control', 'no-cache'],
    ['User-Agent', `ssekit/${VERSION}`],
  ]);
  assert.equal(request.method, 'GET');
  assert.equal(request.body, undefined);
  assert.deepEqual([notes, lastEventId], [[], '']);
});

test('limits have the documented defaults', async () => {
  const { request } = await build([]);
  assert.equal(request.maxRedirects, 20);
  assert.equal(request.maxEventSizeBytes, 16 * 1024 * 1024);
  assert.equal(request.idleTimeoutMs, 0);
  assert.equal(request.connection.http, 'auto');
});

test('data makes it a POST, --request another method', async () => {
  assert.equal((await build(['-d', 'a=1'])).request.method, 'POST');
  assert.equal((await build(['-XGET', '-d', 'a=1'])).request.method, 'GET');
});

test('--json sets the content type and leaves Accept alone', async () => {
  const sent = await headers(['--json', '{}']);
  assert.equal(sent['Content-Type'], 'application/json');
  assert.equal(sent.Accept, 'text/event-stream');
});

test('a content type of the user beats the one of the data', async () => {
  const sent = await headers(['-H', 'content-type: text/plain', '-d', 'x']);
  assert.equal(sent['content-type'], 'text/plain');
  assert.equal(sent['Content-Type'], undefined);
});

test('data flags keep their order across kinds', async () => {
  const { request } = await build([
    '--data-raw',
    '1',
    '-d',
    '2',
    '--data-urlencode',
    '3 ',
    '--data-binary',
    '4',
  ]);
  assert.equal(Buffer.from(request.body ?? []).toString(), '1&2&3+&4');
});

test('-u, --bearer and its kin set Authorization', async () => {
  assert.equal((await headers(['-u', 'a:b'])).Authorization, 'Basic YTpi');
  assert.equal((await headers(['--bearer', 't'])).Authorization, 'Bearer t');
  assert.equal((await headers(['--bearer-file', 'token.txt'])).Authorization, 'Bearer from-file');
  assert.equal((await headers(['--bearer-env', 'T'], { env: { T: 'e' } })).Authorization, 'Bearer e');
});

test('a flag beats credentials in the URL, a header of the user beats both', async () => {
  const inUrl = { authorization: 'Basic dTpw' };
  assert.equal((await headers([], inUrl)).Authorization, 'Basic dTpw');
  assert.equal((await headers(['-u', 'a:b'], inUrl)).Authorization, 'Basic YTpi');
  assert.deepEqual(
    (await build(['-u', 'a:b', '-H', 'Authorization: own'], inUrl)).request.headers.filter(
      ([name]) => name === 'Authorization',
    ),
    [['Authorization', 'own']],
  );
});

test('a token that is missing or unfit is refused without being shown', async () => {
  await assertUsageError(() => build(['--bearer-env', 'NOPE']), /--bearer-env: NOPE is not set/);
  await assertUsageError(() => build(['--bearer-file', 'bad.txt']), /^(?!.*two).*line break or control/s);
  await assertUsageError(() => build(['--bearer-file', 'empty.txt']), /token in empty.txt is empty/);
  await assertUsageError(
    () => build(['-u', 'a:b', '--bearer', 't']),
    /--user and --bearer each set Authorization/,
  );
  await assertUsageError(() => build(['-u', 'me']), /--user: "me" has no password/);
});

test('cookies, user agent and referer become headers, and an empty user agent none', async () => {
  const sent = await headers(['-b', 'a=1', '-b', 'b=2', '-A', 'me', '-e', 'http://r/;auto']);
  assert.deepEqual([sent.Cookie, sent['User-Agent'], sent.Referer], ['a=1; b=2', 'me', 'http://r/']);
  assert.equal((await headers(['-A', '']))['User-Agent'], undefined);
});

test('--compressed asks for what can be decoded, and only where no header asks', async () => {
  assert.match((await headers(['--compressed']))['Accept-Encoding'] ?? '', /^gzip, deflate, br/);
  const sent = await headers(['--compressed', '-H', 'accept-encoding: gzip']);
  assert.deepEqual([sent['accept-encoding'], sent['Accept-Encoding']], ['gzip', undefined]);
});

test('a Last-Event-ID header is where the stream resumes', async () => {
  const { request, lastEventId } = await build(['-H', 'Last-Event-ID: 42']);
  assert.equal(lastEventId, '42');
  assert.ok(request.headers.every(([name]) => name !== 'Last-Event-ID'));
  await assertUsageError(() => build(['-H', 'Last-Event-ID: 1', '-H', 'last-event-id: 2']), /given twice/);
});

test('--max-redirs -1 follows any number', async () => {
  assert.equal((await build(['--max-redirs', '-1'])).request.maxRedirects, Number.POSITIVE_INFINITY);
  assert.equal((await build(['--max-redirs', '0'])).request.maxRedirects, 0);
});

test('the last of the HTTP versions counts', async () => {
  assert.equal((await build(['--http2', '--http1.1'])).request.connection.http, '1.1');
  assert.equal((await build(['--http2-prior-knowledge'])).request.connection.http, '2-prior-knowledge');
});

test('--http2 over plain http is left out with a note, as curl falls back too', async () => {
  const { request, notes } = await build(['--http2'], { url: 'http://host/' });
  assert.equal(request.connection.http, 'auto');
  assert.match(notes.join(), /--http2-prior-knowledge/);
});

test('-4 and -6 exclude each other, and repeating one is harmless', async () => {
  assert.equal((await build(['-4', '-4'])).request.connection.family, 4);
  await assertUsageError(() => build(['-46']), /-4 and -6 exclude each other/);
});

test('methods that never bring a stream are refused', async () => {
  await assertUsageError(() => build(['-X', 'HEAD']), /--request: the answer to HEAD is never a stream/);
  await assertUsageError(() => build(['-X', 'GET /']), /is not an HTTP method/);
});

test('connection flags end in plain options', async () => {
  const { connection } = (
    await build([
      '--resolve',
      'h:1:127.0.0.1',
      '--connect-to',
      'a:1:b:2',
      '--unix-socket',
      '/s',
      '--connect-timeout',
      '2.5',
      '-k',
    ])
  ).request;
  assert.deepEqual(connection.resolve, [{ host: 'h', port: '1', addresses: ['127.0.0.1'] }]);
  assert.deepEqual(connection.connectTo, [{ host: 'a', port: '1', toHost: 'b', toPort: '2' }]);
  assert.equal(connection.unixSocket, '/s');
  assert.equal(connection.connectTimeoutMs, 2500);
  assert.deepEqual(connection.tls, { insecure: true });
});

test("an empty -x goes without the environment's proxy", async () => {
  const env = { HTTPS_PROXY: 'http://proxy:1' };
  assert.equal((await build([], { env })).request.connection.proxy.https?.host, 'proxy:1');
  assert.deepEqual((await build(['-x', ''], { env })).request.connection.proxy, { noProxy: [] });
});
