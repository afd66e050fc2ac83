import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createPool } from '../../src/client/pool.ts';
import { listen } from '../e2e/harness/listening.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { answer } from '../e2e/harness/wire.ts';
import { attempt, Recording, requestOf } from './recorded-attempt.ts';

const STREAM = answer('200 OK', { 'Content-Type': 'text/event-stream' }, 'data: one\n\n');

async function serveOne(client: RawConnection): Promise<void> {
  await client.request();
  await client.write(STREAM);
}

/** A port on which nobody listens. */
async function deadPort(t: Parameters<typeof listen>[0]): Promise<number> {
  const { port, close } = await listen(t, createServer());
  await close();
  return port;
}

describe('connecting', () => {
  test('--resolve gives the address, while the request keeps the name', async (t) => {
    const server = await rawServer(t, serveOne);
    const { recording, close } = await attempt(t, `http://stream.example:${server.port}/a?b=c`, {
      connection: {
        resolve: [{ host: 'Stream.Example', port: String(server.port), addresses: ['127.0.0.1'] }],
      },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(server.requests[0]?.header('host'), `stream.example:${server.port}`);
    assert.equal(server.requests[0]?.target, '/a?b=c');
    assert.equal(recording.opens[0]?.remoteAddress, '127.0.0.1');
    assert.equal(recording.opens[0]?.remotePort, server.port);
  });

  test('--resolve with * holds for any name and port', async (t) => {
    const server = await rawServer(t, serveOne);
    const { close } = await attempt(t, `http://any.example:${server.port}/`, {
      connection: { resolve: [{ host: '*', port: '*', addresses: ['127.0.0.1'] }] },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
  });

  test('a source address decides which of the addresses of a name is taken', {
    skip: process.platform !== 'linux' && 'only there is all of 127.0.0.0/8 at hand',
  }, async (t) => {
    const sources: (string | undefined)[] = [];
    const server = createServer((socket) => {
      sources.push(socket.remoteAddress);
      socket.on('error', () => {}).end(STREAM);
    });
    const { port } = await listen(t, server);
    const request = requestOf(`http://both.example:${port}/`, {
      connection: { resolve: [{ host: '*', port: '*', addresses: ['::1', '127.0.0.1'] }] },
    });
    const recording = new Recording();
    const pool = createPool();
    t.after(() => pool.close());
    pool.open(request, { lastEventId: '', plannedAt: 0, localAddress: '127.6.5.4' }, recording);
    const close = await recording.ended();
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.deepEqual(sources, ['127.6.5.4']);
  });

  test('--connect-to leads to another host and port, while the request keeps the name', async (t) => {
    const server = await rawServer(t, serveOne);
    const { close } = await attempt(t, 'http://stream.example:81/', {
      connection: {
        connectTo: [
          { host: 'other.example', port: '', toHost: 'nowhere.invalid', toPort: '1' },
          { host: 'stream.example', port: '81', toHost: '127.0.0.1', toPort: String(server.port) },
        ],
      },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(server.requests[0]?.header('host'), 'stream.example:81');
  });

  test('--connect-to with empty parts changes only what it names', async (t) => {
    const server = await rawServer(t, serveOne);
    const { close } = await attempt(t, 'http://127.0.0.1:1/', {
      connection: { connectTo: [{ host: '', port: '', toHost: '', toPort: String(server.port) }] },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
  });

  test('a socket file is connected to instead of the host', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ssekit-socket-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const unixSocket = join(folder, 's');
    const server = await rawServer(t, serveOne, { unixSocket });
    const { close } = await attempt(t, 'http://in-the-file.example/x', { connection: { unixSocket } });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(server.requests[0]?.header('host'), 'in-the-file.example');
  });

  test('a socket file that does not exist is named', async (t) => {
    const { close } = await attempt(t, 'http://localhost/', { connection: { unixSocket: '/nowhere/s' } });
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.code, 'ENOENT');
    assert.equal(close.error?.exitCode, 7);
    assert.match(close.error?.message ?? '', /no such socket: \/nowhere\/s/);
  });

  for (const family of [0, 4] as const) {
    test(`of two addresses the one that answers is used (family ${family})`, async (t) => {
      const server = await rawServer(t, serveOne);
      // Nobody listens on 127.0.0.2.
      const { recording, close } = await attempt(t, `http://two.example:${server.port}/`, {
        connection: { family, resolve: [{ host: '*', port: '*', addresses: ['127.0.0.2', '127.0.0.1'] }] },
      });
      assert.equal(close.reason, 'eof', close.error?.message);
      assert.equal(recording.opens[0]?.remoteAddress, '127.0.0.1');
      const { marks } = close;
      assert.ok((marks.tcp ?? 0) >= marks.start);
    });
  }

  test('the family chooses among the addresses', async (t) => {
    const server = await rawServer(t, serveOne);
    const { recording, close } = await attempt(t, `http://both.example:${server.port}/`, {
      connection: { family: 4, resolve: [{ host: '*', port: '*', addresses: ['::1', '127.0.0.1'] }] },
    });
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(recording.opens[0]?.remoteAddress, '127.0.0.1');
  });

  for (const [family, address] of [
    [6, '127.0.0.1'],
    [4, '::1'],
  ] as const) {
    test(`--resolve without an IPv${family} address is told as such, not as a wrong name`, async (t) => {
      const { close } = await attempt(t, 'http://other.example/', {
        connection: { family, resolve: [{ host: '*', port: '*', addresses: [address] }] },
      });
      assert.equal(close.reason, 'connect_error');
      assert.equal(close.error?.code, 'ENOTFOUND');
      assert.equal(close.error?.exitCode, 6);
      assert.equal(close.error?.message, `no IPv${family} address was given for other.example:80`);
      assert.match(close.error?.hint ?? '', new RegExp(`--resolve names ${address} alone: .*-${family}`));
    });
  }

  test('a refused connection names host and port', async (t) => {
    const port = await deadPort(t);
    const { recording, close } = await attempt(t, `http://127.0.0.1:${port}/`);
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.code, 'ECONNREFUSED');
    assert.equal(close.error?.exitCode, 7);
    assert.equal(close.error?.message, `connection refused by 127.0.0.1:${port}`);
    assert.deepEqual(recording.order, ['close']);
  });

  test('two refused addresses are one refusal', async (t) => {
    const port = await deadPort(t);
    const { close } = await attempt(t, `http://two.example:${port}/`, {
      connection: { resolve: [{ host: '*', port: '*', addresses: ['127.0.0.2', '127.0.0.1'] }] },
    });
    assert.equal(close.error?.code, 'ECONNREFUSED');
    assert.equal(close.error?.exitCode, 7);
  });

  test('the limit on connecting tells what was being waited for', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const { close } = await attempt(t, `https://127.0.0.1:${server.port}/`, {
      connection: { connectTimeoutMs: 100 },
    });
    assert.equal(close.reason, 'connect_error');
    assert.equal(close.error?.code, 'CONNECT_TIMEOUT');
    assert.equal(close.error?.exitCode, 28);
    assert.match(close.error?.message ?? '', /within 100 ms \(TLS handshake with 127\.0\.0\.1\)/);
  });

  test('the limit on connecting ends with the connection: a quiet server is no matter of it', async (t) => {
    const server = await rawServer(t, (client) => client.left());
    const { close } = await attempt(t, server.url, {
      idleTimeoutMs: 200,
      connection: { connectTimeoutMs: 50 },
    });
    assert.equal(close.reason, 'idle');
  });
});
