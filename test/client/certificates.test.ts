import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { certificates } from '../e2e/harness/certificates.ts';
import { listen } from '../e2e/harness/listening.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt } from './recorded-attempt.ts';

const STREAM = answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'data: one\n\n');

interface SecureServer {
  port: number;
  /** Names that clients asked for (SNI), `false` for none. */
  names: (string | false)[];
  /** Common names of the certificates that clients showed. */
  clients: (string | undefined)[];
}

async function secureServer(t: Parameters<typeof listen>[0], options: TlsOptions): Promise<SecureServer> {
  const names: SecureServer['names'] = [];
  const clients: SecureServer['clients'] = [];
  const server = createServer(options, (socket: TLSSocket & { servername?: string | false | null }) => {
    names.push(socket.servername || false);
    clients.push((socket.getPeerCertificate() as { subject?: { CN?: string } }).subject?.CN);
    socket.on('error', () => {}).once('data', () => socket.write(STREAM));
  });
  // A client that does not trust us says so by leaving.
  server.on('tlsClientError', () => {});
  return { port: (await listen(t, server)).port, names, clients };
}

const strict = { insecure: false };

describe('TLS:', () => {
  test('a certificate signed by the given authority is accepted', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await secureServer(t, leaf);
    const { recording, close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { ...strict, ca: [ca.cert] } },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.match(recording.opens[0]?.tls ?? '', /^TLSv1\.[23]$/);
  });

  test('an authority beside the built-in ones is accepted too', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await secureServer(t, leaf);
    const { close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { ...strict, extraCa: [ca.cert] } },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
  });

  const refused = [
    ['selfSigned', 'is self-signed', /DEPTH_ZERO_SELF_SIGNED_CERT/],
    ['leaf', 'comes from an authority that is not trusted', /UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER)/],
  ] as const;
  for (const [which, title, code] of refused) {
    test(`a certificate that ${title} is refused with 60`, async (t) => {
      const server = await secureServer(t, (await certificates())[which]);
      const { close } = await attempt(t, `https://localhost:${server.port}/`, {
        connection: { tls: strict },
      });
      assert.equal(close.reason, 'connect_error');
      assert.match(close.error?.code ?? '', code);
      assert.equal(close.error?.exitCode, 60);
    });
  }

  test('an expired certificate is refused with 60, and said to be expired', async (t) => {
    const { ca, expired } = await certificates();
    const server = await secureServer(t, expired);
    const { close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { ...strict, ca: [ca.cert] } },
    });
    assert.equal(close.error?.code, 'CERT_HAS_EXPIRED');
    assert.equal(close.error?.exitCode, 60);
  });

  test('a certificate for another name is refused with 60, and names both', async (t) => {
    const { ca, otherName } = await certificates();
    const server = await secureServer(t, otherName);
    const { close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { ...strict, ca: [ca.cert] } },
    });
    assert.equal(close.error?.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.equal(close.error?.exitCode, 60);
    assert.match(close.error?.message ?? '', /localhost.*elsewhere\.example/s);
  });

  test('-k accepts any of them', async (t) => {
    const { expired, otherName, selfSigned } = await certificates();
    for (const pair of [expired, otherName, selfSigned]) {
      const server = await secureServer(t, pair);
      const { close } = await attempt(t, `https://localhost:${server.port}/`);
      assert.equal(close.reason, 'eof', close.error?.message);
    }
  });

  test('the server learns the name of the URL, wherever the connection goes', async (t) => {
    const { ca, otherName } = await certificates();
    const server = await secureServer(t, otherName);
    const { close } = await attempt(t, 'https://elsewhere.example/', {
      connection: {
        tls: { ...strict, ca: [ca.cert] },
        connectTo: [{ host: '', port: '', toHost: '127.0.0.1', toPort: String(server.port) }],
      },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(server.names, ['elsewhere.example']);
  });

  test('an address is no server name', async (t) => {
    const { ca, leaf } = await certificates();
    const server = await secureServer(t, leaf);
    const { close } = await attempt(t, `https://127.0.0.1:${server.port}/`, {
      connection: { tls: { ...strict, ca: [ca.cert] } },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(server.names, [false]);
  });

  test("a client's certificate is shown to a server that asks", async (t) => {
    const { ca, client, leaf } = await certificates();
    const server = await secureServer(t, { ...leaf, ca: ca.cert, requestCert: true });
    const { close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { ...strict, ca: [ca.cert], cert: client.cert, key: client.key } },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(server.clients, ['a test client']);
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`a server that wants a client's certificate and gets none ends the handshake (${version})`, async (t) => {
      const { ca, leaf } = await certificates();
      const server = await secureServer(t, {
        ...leaf,
        ca: ca.cert,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      });
      const { close } = await attempt(t, `https://localhost:${server.port}/`);
      assert.equal(close.reason, 'connect_error', close.error?.message);
      assert.equal(close.error?.exitCode, 35);
      assert.match(close.error?.hint ?? '', /client certificate/);
    });
  }

  test('a certificate and a key that do not belong together are a wrong use', async (t) => {
    const { client, leaf } = await certificates();
    const server = await secureServer(t, leaf);
    const { close } = await attempt(t, `https://localhost:${server.port}/`, {
      connection: { tls: { insecure: true, cert: client.cert, key: leaf.key } },
    });
    assert.equal(close.error?.code, 'TLS_SETUP');
    assert.equal(close.error?.exitCode, 2);
  });
});
