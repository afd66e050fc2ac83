import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { SseKitError } from '../../../src/client/errors.ts';
import type { Exchange } from '../../../src/mock/http/incoming.ts';
import { certificates } from '../../e2e/harness/certificates.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from '../wire/raw-client.ts';
import { echo, listening } from './listening.ts';

const tls = (await certificates()).leaf;

describe('a listener with TLS', () => {
  test('hands over requests with the TCP connection below', async (t) => {
    const seen: Exchange[] = [];
    const server = await listening(
      t,
      (exchange) => {
        seen.push(exchange);
        echo(exchange);
      },
      { tls },
    );
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+\/$/);
    const client = new RawClient(server.url).get('/hello');
    await client.saw(/GET \/hello$/);
    const [exchange] = seen;
    assert.ok(exchange && 'encrypted' in exchange.socket && !('encrypted' in exchange.raw));
    assert.equal(exchange.raw.remotePort, client.socket.localPort);
    assert.equal((client.socket as TLSSocket).alpnProtocol, 'http/1.1');
    client.leave();
  });

  test('tells connections apart that come at the same time', async (t) => {
    const ports = new Map<string, number | undefined>();
    const server = await listening(
      t,
      (exchange) => {
        ports.set(exchange.request.url ?? '', exchange.raw.remotePort);
        echo(exchange);
      },
      { tls },
    );
    const clients = Array.from({ length: 30 }, (_, n) => new RawClient(server.url).get(`/${n}`));
    await until(() => ports.size === clients.length);
    assert.deepEqual(
      clients.map((_, n) => ports.get(`/${n}`)),
      clients.map(({ socket }) => socket.localPort),
    );
    for (const client of clients) client.leave();
  });

  test('says what is wrong with a client that speaks something else, or does not trust it', async (t) => {
    const server = await listening(t, echo, { tls });
    const plain = new RawClient(server.url.replace('https', 'http')).get('/');
    await plain.ended();
    // What clients with OpenSSL say to a certificate: a fatal alert, unknown_ca (RFC 5246, section 7.2).
    const wary = connect(server.port, '127.0.0.1').on('error', () => {});
    wary.once('data', () => wary.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 48])));
    wary.write(await clientHello());
    await until(() => server.malformed.length === 2);
    wary.destroy();
    assert.deepEqual(server.malformed, [
      { message: 'a client speaks plain HTTP (http://) to a server with TLS' },
      { message: 'a client does not trust the certificate' },
    ]);
  });

  test('lets nobody keep a connection without a handshake', async (t) => {
    const server = await listening(t, echo, { tls }, 100);
    const silent = connect(server.port, '127.0.0.1').resume();
    await until(() => silent.destroyed || silent.readableEnded);
    await until(() => server.malformed.length === 1);
    assert.deepEqual(server.malformed, [{ message: 'a TLS handshake did not come to its end in time' }]);
  });

  test('survives clients that leave in the middle of a handshake, and says nothing of them', async (t) => {
    const server = await listening(t, echo, { tls });
    const silent = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
    await until(() => silent.every((socket) => !socket.connecting));
    for (const [n, socket] of silent.entries()) {
      if (n % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    const client = new RawClient(server.url).get('/');
    await client.saw(/GET \/$/);
    client.leave();
    assert.deepEqual(server.malformed, []);
  });

  test('ends handshakes that are under way when it closes', async (t) => {
    const server = await listening(t, echo, { tls });
    const silent = connect(server.port, '127.0.0.1').resume();
    // A client that has its answer: the other one has been accepted before it.
    const client = new RawClient(server.url).get('/');
    await client.saw(/GET \/$/);
    const closed = server.close();
    server.closeIdle();
    await closed;
    await until(() => silent.readableEnded);
    client.leave();
  });
});

/** The first bytes of a client of TLS 1.2, in which alerts are not encrypted yet. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (bytes) => resolve(bytes) });
    connectTls({ socket, maxVersion: 'TLSv1.2' });
  });
}

describe('a certificate that a server can not use', () => {
  const refusal = async (cert: string, key: string) => {
    const { listen } = await import('../../../src/mock/http/listener.ts');
    const arrivals = { exchange: echo, malformed: () => {} };
    return listen({ host: '127.0.0.1', port: 0, tls: { cert, key } }, arrivals).then(
      () => assert.fail('it listens'),
      (error: unknown) => error as SseKitError,
    );
  };

  test('is a usage error that says what is wrong', async () => {
    const { leaf, otherName } = await certificates();
    for (const [cert, key, message, hint] of [
      [leaf.cert, otherName.key, /key values mismatch/, /do not belong together/],
      ['nonsense', leaf.key, /no start line/, /PEM files are wanted/],
      [leaf.cert, 'nonsense', /DECODER|unsupported|no start line/, /PEM files are wanted/],
    ] as const) {
      const error = await refusal(cert, key);
      assert.ok(error instanceof SseKitError, String(error));
      assert.equal(error.exitCode, 2);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
    }
  });
});
