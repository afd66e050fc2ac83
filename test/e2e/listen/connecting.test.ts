import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { certificates, pemFiles } from '../harness/certificates.ts';
import { runCli } from '../harness/cli.ts';
import { tail } from '../harness/command.ts';
import { httpProxy } from '../harness/proxy.ts';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { until } from '../harness/until.ts';
import { answer, chunk, LAST_CHUNK, streamHead } from '../harness/wire.ts';

const oneEvent: Script = async (client) => {
  await client.request();
  await client.write(streamHead.chunked + chunk('id: 1\ndata: hello\n\n') + LAST_CHUNK);
  await client.left();
};

describe('listen, when no connection comes about', () => {
  test('exits 7 where nothing listens, and names the port', async () => {
    const port = await unusedPort();
    const { code, stdout, stderr } = await tail(`http://127.0.0.1:${port}/events`);
    assert.equal(code, 7);
    assert.equal(stdout, '');
    assert.match(stderr, /refused/);
    assert.match(stderr, new RegExp(`port ${port}`));
    assert.doesNotMatch(stderr, /\n\s+at /, 'a known error shows no stack');
  });

  test('prints the failure as one line of JSON too with --format ndjson', async () => {
    const { stderr } = await tail(`:${await unusedPort()}/events`, '--format', 'ndjson');
    const line = stderr.split('\n').find((text) => text.startsWith('{')) ?? '';
    const { type, code, exit, message } = JSON.parse(line);
    assert.deepEqual({ type, code, exit }, { type: 'error', code: 'ECONNREFUSED', exit: 7 });
    assert.match(message, /refused/);
  });

  test('exits 7 for a socket file that is not there', async () => {
    const { code } = await tail('--unix-socket', '/nowhere/ssekit.sock', 'http://localhost/events');
    assert.equal(code, 7);
  });

  test('exits 6 for a name without an address', async () => {
    const { code, stderr } = await tail('http://no-such-name.invalid/events');
    assert.equal(code, 6);
    assert.match(stderr, /no-such-name\.invalid/);
  });

  test('exits 28 when the handshake takes longer than --connect-timeout', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const url = `https://127.0.0.1:${server.port}/`;
    const { code, stderr } = await tail(url, '--connect-timeout', '0.3');
    assert.equal(code, 28);
    assert.match(stderr, /300 ?ms|0\.3 ?s/);
  });
});

describe('listen, over TLS', () => {
  test('exits 60 for a certificate that nobody trusts, and names the ways out', async (t) => {
    const { selfSigned } = await certificates();
    const server = await rawServer(t, oneEvent, { tls: selfSigned });
    const { code, stderr } = await tail(server.url);
    assert.equal(code, 60);
    assert.match(stderr, /--cacert/);
    assert.equal(server.requests.length, 0, 'no request goes to a server that is not trusted');
  });

  test('reads the stream of such a server with -k', async (t) => {
    const { selfSigned } = await certificates();
    const server = await rawServer(t, oneEvent, { tls: selfSigned });
    const { code, stdout } = await tail(server.url, '-k', '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'hello\n' });
  });

  test('reads the stream of a server whose authority --cacert names', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await rawServer(t, oneEvent, { tls: leaf });
    const files = pemFiles({ ca: ca.cert });
    const { code, stdout } = await tail(server.url, '--cacert', files.ca, '--format', 'data');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'hello\n' });
  });

  test('trusts what NODE_EXTRA_CA_CERTS adds', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await rawServer(t, oneEvent, { tls: leaf });
    const files = pemFiles({ ca: ca.cert });
    const { code } = await runCli(['listen', server.url], { env: { NODE_EXTRA_CA_CERTS: files.ca } });
    assert.equal(code, 0);
  });

  for (const fault of ['otherName', 'expired'] as const) {
    test(`exits 60 for a certificate of a trusted authority that is ${fault}`, async (t) => {
      const pairs = await certificates();
      const server = await rawServer(t, oneEvent, { tls: pairs[fault] });
      const { code } = await tail(server.url, '--cacert', pemFiles({ ca: pairs.ca.cert }).ca);
      assert.equal(code, 60);
    });
  }

  test('exits 35 where the server does not speak TLS', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.write(answer('400 Bad Request'));
      client.finish();
    });
    const { code, stderr } = await tail(`https://127.0.0.1:${server.port}/`);
    assert.equal(code, 35);
    assert.match(stderr, /http:\/\//);
  });

  test('exits 35 where the server hangs up in the handshake', async (t) => {
    for (const hangUp of ['finish', 'reset'] as const) {
      const server = await rawServer(t, async (client) => {
        await until(() => client.received.length > 0, "the client's first words");
        client[hangUp]();
      });
      const { code } = await tail(`https://127.0.0.1:${server.port}/`);
      assert.equal(code, 35, hangUp);
    }
  });

  test('exits 35 where the server wants a certificate of ours, and presents the one of --cert', async (t) => {
    const { ca, leaf, client } = await certificates();
    const tls = { ...leaf, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
    const server = await rawServer(t, oneEvent, { tls });
    const files = pemFiles({ ca: ca.cert, cert: client.cert, key: client.key });
    const without = await tail(server.url, '--cacert', files.ca);
    assert.equal(without.code, 35);
    assert.match(without.stderr, /--cert/);
    const own = ['--cert', files.cert, '--key', files.key];
    const presented = await tail(server.url, '--cacert', files.ca, ...own);
    assert.equal(presented.code, 0);
  });
});

describe('listen, through a proxy', () => {
  const secure = async (t: TestContext) => {
    const { ca, leaf } = await certificates();
    const server = await rawServer(t, oneEvent, { tls: leaf });
    return { url: server.url, trust: ['--cacert', pemFiles({ ca: ca.cert }).ca], server };
  };

  test('tunnels https:// by one CONNECT and keeps its credentials from the server', async (t) => {
    const { url, trust, server } = await secure(t);
    const proxy = await httpProxy(t, { credentials: 'me:secret' });
    const { code } = await tail(url, ...trust, '-x', proxy.url.replace('//', '//me:secret@'));
    assert.equal(code, 0);
    assert.deepEqual(
      proxy.seen.map(({ method, target }) => `${method} ${target}`),
      [`CONNECT localhost:${server.port}`],
    );
    assert.equal(server.requests[0]?.header('proxy-authorization'), undefined);
  });

  test('asks for http:// in absolute form, as curl does', async (t) => {
    const server = await rawServer(t, oneEvent);
    const proxy = await httpProxy(t);
    const { code } = await runCli(['listen', `${server.url}/events`], { env: { HTTP_PROXY: proxy.url } });
    assert.equal(code, 0);
    assert.deepEqual(
      proxy.seen.map(({ method, target }) => `${method} ${target}`),
      [`GET ${server.url}/events`],
    );
  });

  test('exits 7 when CONNECT is answered 407, after one try', async (t) => {
    const { url, trust } = await secure(t);
    const proxy = await httpProxy(t, { credentials: 'me:secret' });
    const { code, stderr } = await tail(url, ...trust, '-x', proxy.url);
    assert.equal(code, 7);
    assert.match(stderr, /407/);
    assert.equal(proxy.seen.length, 1);
  });

  test('exits 4 when the proxy answers an http:// request 407', async (t) => {
    const server = await rawServer(t, oneEvent);
    const proxy = await httpProxy(t, { credentials: 'me:secret' });
    const { code, stderr } = await tail(server.url, '-x', proxy.url);
    assert.equal(code, 4);
    assert.match(stderr, /407/);
  });

  test('exits 7 when the proxy hangs up after CONNECT, after one try', async (t) => {
    const { url, trust } = await secure(t);
    const proxy = await httpProxy(t, { connect: 'hang-up' });
    const { code, stderr } = await tail(url, ...trust, '-x', proxy.url);
    assert.equal(code, 7);
    assert.match(stderr, /proxy/);
    assert.equal(proxy.seen.length, 1);
  });
});

/** A port that something listened on until now. */
function unusedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
