import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { httpProxy } from '../harness/proxy.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { answer, head } from '../harness/wire.ts';
import { assertHidden, assertShown, basic, MANNERS } from './seen.ts';

const EVENT = 'data: x\n\n';
const TYPE = { 'Content-Type': 'text/event-stream' };

/** Values that name themselves, so that a leak names its source. */
const CREDENTIALS = [
  ['Authorization', 'Bearer auth-SECRET-1'],
  ['Cookie', 'sid=cookie-SECRET-2'],
  ['X-Api-Key', 'key-SECRET-3'],
  ['X-Auth-Token', 'token-SECRET-4'],
  ['X-Session', 'session-SECRET-5'],
  ['Proxy-Authorization', 'Basic proxy-SECRET-6'],
] as const;
const HEADERS = CREDENTIALS.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
const HEADER_SECRETS = [
  'auth-SECRET-1',
  'cookie-SECRET-2',
  'key-SECRET-3',
  'token-SECRET-4',
  'session-SECRET-5',
  'proxy-SECRET-6',
];
const QUERY = '/events?token=query-SECRET-7&channel=a&access_token=query-SECRET-8&api_key=query-SECRET-9';
const QUERY_SECRETS = ['query-SECRET-7', 'query-SECRET-8', 'query-SECRET-9'];
const RESPONSE = {
  'Set-Cookie': 'sid=set-SECRET-10; HttpOnly',
  'X-Refresh-Token': 'set-SECRET-11',
  'Content-Location': '/x?token=set-SECRET-12',
  Link: '</a?token=set-SECRET-15>; rel=next',
  Refresh: '0; url=/?token=set-SECRET-16',
};
const RESPONSE_SECRETS = [
  'set-SECRET-10',
  'set-SECRET-11',
  'set-SECRET-12',
  'set-SECRET-15',
  'set-SECRET-16',
];

const answers =
  (text: string): Script =>
  async (client) => {
    await client.request();
    await client.write(text);
    client.finish();
  };

const endings = [
  ['a stream that ends well', `${head('200 OK', { ...TYPE, ...RESPONSE })}${EVENT}`],
  ['a stream cut inside an event', `${head('200 OK', { ...TYPE, ...RESPONSE })}data: x`],
  ['a 401', answer('401 Unauthorized', { 'WWW-Authenticate': 'Bearer realm="x"', ...RESPONSE })],
  ['a wrong type', answer('200 OK', { 'Content-Type': 'text/html', ...RESPONSE }, '<p>')],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n'],
] as const;

describe('secrets of a request', { concurrency: 2 }, () => {
  for (const [what, text] of endings) {
    test(`stay hidden in every format when the answer is ${what}`, async (t) => {
      const server = await rawServer(t, answers(text));
      const url = `http://user-SECRET-13:password-SECRET-14@127.0.0.1:${server.port}${QUERY}`;
      for (const manner of MANNERS) {
        const outcome = await tail(url, ...HEADERS, ...manner);
        assertHidden(outcome, [...HEADER_SECRETS, ...QUERY_SECRETS, ...RESPONSE_SECRETS, 'SECRET']);
      }
      const { target, header } = server.requests[0] ?? assert.fail('no request came');
      assert.equal(target, QUERY);
      for (const [name, value] of CREDENTIALS) assert.equal(header(name), value);
    });
  }

  test('stay hidden when nothing listens', async () => {
    for (const manner of MANNERS) {
      const outcome = await tail(`http://user:password-SECRET-14@127.0.0.1:9${QUERY}`, ...HEADERS, ...manner);
      assert.equal(outcome.code, 7);
      assertHidden(outcome, ['SECRET', basic('user:password-SECRET-14')]);
    }
  });

  test('stay hidden while attempts follow one another', async (t) => {
    const server = await rawServer(t, answers(answer('503 Busy', RESPONSE)));
    const retry = ['--retry', '2', '--retry-delay', '10ms'];
    for (const manner of MANNERS)
      assertHidden(await tail(`${server.url}${QUERY}`, ...HEADERS, ...retry, ...manner), ['SECRET']);
  });

  test('are shown where asked for', async (t) => {
    const server = await rawServer(t, answers(`${head('200 OK', { ...TYPE, ...RESPONSE })}${EVENT}`));
    for (const format of ['pretty', 'ndjson']) {
      const words = [...HEADERS, '-v', '--show-secrets', '--format', format];
      const outcome = await tail(`${server.url}${QUERY}`, ...words);
      assertShown(outcome, [...HEADER_SECRETS, ...QUERY_SECRETS, ...RESPONSE_SECRETS]);
    }
  });

  test('user and password of -u and of the URL are hidden, in plain and in Basic form', async (t) => {
    const server = await rawServer(t, answers(`${head('200 OK', TYPE)}${EVENT}`));
    const wanted = `Basic ${basic('user:password-SECRET')}`;
    for (const words of [
      [`http://user:password-SECRET@127.0.0.1:${server.port}/`],
      [server.url, '-u', 'user:password-SECRET'],
    ]) {
      for (const manner of MANNERS)
        assertHidden(await tail(...words, ...manner), ['SECRET', basic('user:password-SECRET')]);
      assertShown(await tail(...words, '-v', '--show-secrets'), [basic('user:password-SECRET')]);
    }
    for (const { header } of server.requests) assert.equal(header('authorization'), wanted);
  });
});

describe('secrets of a proxy', { concurrency: 2 }, () => {
  const password = 'proxy-SECRET';
  const inUrl = (url: string) => url.replace('http://', `http://user:${password}@`);

  test('are sent, and stay hidden, from -x and from the environment', async (t) => {
    const proxy = await httpProxy(t, { credentials: `user:${password}` });
    const server = await rawServer(t, answers(`${head('200 OK', { ...TYPE, Connection: 'close' })}${EVENT}`));
    for (const manner of MANNERS) {
      const fromFlag = await tail(server.url, '-x', inUrl(proxy.url), ...manner);
      assert.equal(fromFlag.code, 0, fromFlag.stderr);
      const env = { http_proxy: inUrl(proxy.url) };
      const fromEnv = await runCli(['listen', server.url, ...manner], { env });
      assert.equal(fromEnv.code, 0, fromEnv.stderr);
      for (const outcome of [fromFlag, fromEnv]) assertHidden(outcome, ['SECRET', basic(`user:${password}`)]);
    }
    const origin = server.requests.map(({ header }) => header('proxy-authorization'));
    assert.deepEqual(new Set(origin), new Set([undefined]));
  });

  test('stay hidden when the proxy refuses them, hangs up, or is not there', async (t) => {
    const refusing = await httpProxy(t, { credentials: 'someone:else' });
    const hanging = await httpProxy(t, { connect: 'hang-up' });
    for (const [proxy, target] of [
      [refusing.url, 'http://127.0.0.1:9/'],
      [refusing.url, 'https://127.0.0.1:9/'],
      [hanging.url, 'https://127.0.0.1:9/'],
      ['http://127.0.0.1:9', 'https://127.0.0.1:9/'],
    ] as const) {
      for (const manner of MANNERS) {
        const outcome = await tail(target, '-x', inUrl(proxy), ...manner);
        assert.notEqual(outcome.code, 0);
        assertHidden(outcome, ['SECRET', basic(`user:${password}`)]);
      }
    }
  });
});

describe('secrets in a command line that is refused', { concurrency: 2 }, () => {
  const refused = [
    ['http://user:SECRET@127.0.0.1:99999/'],
    ['http://user:SECRET@/'],
    ['user:SECRET@:3000/x y'],
    ['http:/user:SECRET@127.0.0.1/'],
    ['http://a/?token=SECRET', 'http://b/?token=SECRET'],
    ['ftp://user:SECRET@127.0.0.1/'],
    ['http://127.0.0.1:9/', '-H', 'Authorization: Bearer SECRET\nX: y'],
    ['http://127.0.0.1:9/', '-H', 'Cookie: sid=SECRET\x01'],
    ['http://127.0.0.1:9/', '-H', 'Authorization Bearer SECRET'],
    ['http://127.0.0.1:9/', '--bearer', 'SECRET\n'.repeat(2)],
    ['http://127.0.0.1:9/', '-x', 'http://user:SECRET@:x/'],
    ['http://127.0.0.1:9/', '-x', 'socks5://user:SECRET@127.0.0.1/'],
  ];
  for (const words of refused) {
    test(`stay hidden: ${JSON.stringify(words.join(' '))}`, async () => {
      for (const format of ['pretty', 'ndjson']) {
        const outcome = await tail(...words, '--format', format);
        assert.equal(outcome.code, 2, outcome.stderr);
        assertHidden(outcome, ['SECRET']);
      }
    });
  }

  test('stay hidden in a proxy of the environment that can not be used', async () => {
    for (const value of ['http://user:SECRET@:x/', 'socks5://user:SECRET@127.0.0.1/']) {
      const outcome = await runCli(['listen', 'http://127.0.0.1:9/'], { env: { http_proxy: value } });
      assert.equal(outcome.code, 2);
      assertHidden(outcome, ['SECRET']);
    }
  });
});
