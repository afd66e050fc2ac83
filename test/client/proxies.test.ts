import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { createServer as createSecureServer } from 'node:tls';
import { certificates } from '../e2e/harness/certificates.ts';
import { listen } from '../e2e/harness/listening.ts';
import { httpProxy } from '../e2e/harness/proxy.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { type RawServer, rawServer } from '../e2e/harness/raw-server.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt, type RequestChanges } from './recorded-attempt.ts';

const STREAM = answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'data: one\n\n');

async function serveOne(client: RawConnection): Promise<void> {
  await client.request();
  await client.write(STREAM);
}

async function secureServer(t: Parameters<typeof rawServer>[0]): Promise<RawServer> {
  return rawServer(t, serveOne, { tls: (await certificates()).leaf });
}

/** Both kinds of target through one proxy. */
function through(proxy: string, noProxy: string[] = []): RequestChanges {
  return { connection: { proxy: { http: new URL(proxy), https: new URL(proxy), noProxy } } };
}

function withUser(url: string, user: string): string {
  return url.replace('//', `//${user}@`);
}

describe('a proxy', () => {
  test('gets the whole URL of an http: target, as curl sends it', async (t) => {
    const server = await rawServer(t, serveOne);
    const proxy = await httpProxy(t);
    const { recording, close } = await attempt(t, `${server.url}/a?b=c`, through(proxy.url));
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(recording.data, ['one']);
    assert.equal(proxy.seen.length, 1);
    assert.equal(proxy.seen[0]?.method, 'GET');
    assert.equal(proxy.seen[0]?.target, `${server.url}/a?b=c`);
    assert.equal(proxy.seen[0]?.headers.host, `127.0.0.1:${server.port}`);
    assert.equal(recording.opens[0]?.proxy, new URL(proxy.url).host);
  });

  test('opens a tunnel to an https: target', async (t) => {
    const server = await secureServer(t);
    const proxy = await httpProxy(t);
    const { close } = await attempt(t, server.url, through(proxy.url));
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(
      proxy.seen.map(({ method, target }) => `${method} ${target}`),
      [`CONNECT localhost:${server.port}`],
    );
    assert.equal(server.requests[0]?.header('proxy-authorization'), undefined);
  });

  test('gets user and password, decoded, and the server does not', async (t) => {
    const proxy = await httpProxy(t, { credentials: 'us@er:pä:ss' });
    const url = withUser(proxy.url, 'us%40er:p%C3%A4%3Ass');
    const plain = await rawServer(t, serveOne);
    const secure = await secureServer(t);
    for (const server of [plain, secure]) {
      const { close } = await attempt(t, server.url, through(url));
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.equal(server.requests[0]?.header('proxy-authorization'), undefined);
    }
  });

  test('that wants credentials and gets none is told apart from the server, after one try', async (t) => {
    const server = await secureServer(t);
    const proxy = await httpProxy(t, { credentials: 'a:b' });
    const { close } = await attempt(t, server.url, through(proxy.url));
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.code, 'PROXY_AUTH_REQUIRED');
    assert.equal(close.error?.exitCode, 7);
    assert.match(close.error?.message ?? '', /answered 407/);
    assert.equal(proxy.seen.length, 1);
  });

  test('that wants credentials for an http: target answers with the status 407', async (t) => {
    const server = await rawServer(t, serveOne);
    const proxy = await httpProxy(t, { credentials: 'a:b' });
    const { close } = await attempt(t, server.url, through(proxy.url));
    assert.equal(close.reason, 'status');
    assert.equal(close.status, 407);
    assert.equal(proxy.seen.length, 1);
    assert.equal(server.connections, 0);
  });

  test('that refuses the tunnel is named with its status', async (t) => {
    const server = await secureServer(t);
    const proxy = await httpProxy(t, { connect: 503 });
    const { close } = await attempt(t, server.url, through(proxy.url));
    assert.equal(close.error?.code, 'PROXY_REFUSED');
    assert.match(close.error?.message ?? '', /answered 503/);
    assert.equal(close.error?.exitCode, 7);
  });

  test('that hangs up after CONNECT is asked once, not in a loop', async (t) => {
    const server = await secureServer(t);
    const proxy = await httpProxy(t, { connect: 'hang-up' });
    const { close } = await attempt(t, server.url, through(proxy.url));
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.code, 'PROXY_HUNG_UP');
    assert.equal(close.error?.exitCode, 7);
    assert.equal(proxy.seen.length, 1);
  });

  test('that resets the connection after CONNECT is said to have done so', async (t) => {
    const proxy = await rawServer(t, async (client) => {
      await client.request();
      client.reset();
    });
    const { close } = await attempt(t, 'https://127.0.0.1:1/', through(proxy.url));
    assert.equal(close.error?.code, 'PROXY_HUNG_UP');
    assert.match(close.error?.message ?? '', /reset the connection/);
  });

  for (const [title, bytes] of [
    ['answers CONNECT with something else', '220 mail.example ESMTP\r\n\r\n'],
    ['never ends its answer to CONNECT', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`],
  ] as const) {
    test(`that ${title} is no HTTP proxy`, async (t) => {
      const proxy = await rawServer(t, async (client) => {
        await client.request();
        await client.write(bytes);
      });
      const { close } = await attempt(t, 'https://127.0.0.1:1/', through(proxy.url));
      assert.equal(close.reason, 'connect_error');
      assert.equal(close.error?.code, 'PROXY_NOT_HTTP');
      assert.equal(close.error?.exitCode, 7);
    });
  }

  test('that never answers CONNECT runs into the limit on connecting, which says so', async (t) => {
    const proxy = await rawServer(t, (client) => client.left());
    const { close } = await attempt(t, 'https://127.0.0.1:1/', {
      connection: { ...through(proxy.url).connection, connectTimeoutMs: 100 },
    });
    assert.equal(close.error?.code, 'CONNECT_TIMEOUT');
    assert.equal(close.error?.exitCode, 28);
    assert.match(close.error?.message ?? '', /waiting for the proxy's answer to CONNECT/);
  });

  test('may send the first bytes of the tunnel along with its answer', async (t) => {
    // The target speaks first here: what matters is that its bytes are not lost.
    const proxy = await rawServer(t, async (client) => {
      await client.request();
      await client.write('HTTP/1.1 200 OK\r\n\r\nnot TLS at all, but bytes nevertheless\r\n');
    });
    const { close } = await attempt(t, 'https://127.0.0.1:1/', through(proxy.url));
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.exitCode, 35);
    assert.match(close.error?.message ?? '', /does not speak TLS/);
  });

  test('is spoken to over TLS where its URL is https:, for either kind of target', async (t) => {
    const { leaf } = await certificates();
    const plainProxy = await httpProxy(t);
    // TLS in front of the same proxy.
    const front = createSecureServer(leaf, (secured) => {
      const onward = connect(Number(new URL(plainProxy.url).port), '127.0.0.1');
      secured.on('error', () => onward.destroy()).pipe(onward);
      onward.on('error', () => secured.destroy()).pipe(secured);
    });
    const { port } = await listen(t, front);
    const plain = await rawServer(t, serveOne);
    const secure = await secureServer(t);
    for (const server of [plain, secure]) {
      const { recording, close } = await attempt(t, server.url, through(`https://localhost:${port}`));
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.deepEqual(recording.data, ['one']);
    }
    assert.deepEqual(
      plainProxy.seen.map(({ method, target }) => `${method} ${target}`),
      [`GET ${plain.url}/`, `CONNECT localhost:${secure.port}`],
    );
  });

  test('is passed by for the hosts of NO_PROXY', async (t) => {
    const server = await rawServer(t, serveOne);
    const proxy = await httpProxy(t);
    const { close } = await attempt(t, server.url, through(proxy.url, ['127.0.0.0/8']));
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(proxy.seen.length, 0);
  });

  test('that is not there is what the failure names', async (t) => {
    const { url, close: closeProxy } = await httpProxy(t);
    await closeProxy();
    const { close } = await attempt(t, 'http://example.invalid/', through(url));
    assert.equal(close.error?.code, 'ECONNREFUSED');
    assert.match(close.error?.message ?? '', new RegExp(new URL(url).host));
  });
});
