import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createGzip } from 'node:zlib';
import { shareOf } from '../../../src/bench/plan/share.ts';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { certificates, pemFiles } from '../harness/certificates.ts';
import { http2Server, respondWithEvents } from '../harness/http2-server.ts';
import { listen } from '../harness/listening.ts';
import { EndlessRun, folder } from './run.ts';

const STREAM = { 'Content-Type': 'text/event-stream' };

/** Until so many events have come. */
async function bench(test: TestContext, events: number, ...words: string[]): Promise<BenchResult> {
  const run = new EndlessRun(test, ...words);
  await run.until(() => run.counted('events') >= events, `${events} events`);
  return run.end();
}

describe('the streams of bench', { concurrency: 3 }, () => {
  test('carry what each user has, to each URL in turn, from each address in turn', async (t) => {
    const users = join(folder(t), 'users.csv');
    writeFileSync(users, 'name,word\nann,"say ""hi"""\nbob,x\ncleo,y\ndan,z\n');
    const seen: string[] = [];
    const server = createServer(async (request, response) => {
      const { method, url, headers, socket } = request;
      seen.push([method, url, headers['x-name'], await text(request), socket.remoteAddress].join(' '));
      response.writeHead(200, STREAM).write('data: 1\n\n');
    });
    const { port } = await listen(t, server);
    const { counts, targets } = await bench(
      t,
      4,
      ...[`http://127.0.0.1:${port}/a`, `http://127.0.0.1:${port}/b`, '-c', '4', '--users', users],
      ...['--json', '{"name":"{{name}}","word":"{{word}}"}', '-H', 'X-Name: {{name}}'],
      ...['--local-address', '127.0.0.11-127.0.0.12', '--workers', '2'],
    );
    assert.deepEqual(seen.sort(), [
      'POST /a ann {"name":"ann","word":"say \\"hi\\""} 127.0.0.11',
      'POST /a cleo {"name":"cleo","word":"y"} 127.0.0.12',
      'POST /b bob {"name":"bob","word":"x"} 127.0.0.11',
      'POST /b dan {"name":"dan","word":"z"} 127.0.0.12',
    ]);
    assert.deepEqual([counts.started, counts.events, targets?.length], [4, 4, 2]);
  });

  test('go over TLS with a certificate of their own, and read what is compressed', async (t) => {
    const { ca, leaf, client } = await certificates();
    const files = pemFiles({ ca: ca.cert, cert: client.cert, key: client.key });
    const names: string[] = [];
    const server = createTlsServer({ ...leaf, ca: ca.cert, requestCert: true }, (request, response) => {
      names.push(commonNameOf(request));
      response.writeHead(200, { ...STREAM, 'Content-Encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      gzip.write(`data: ${'all the same '.repeat(1_000)}\n\n`);
      gzip.flush();
    });
    const { port } = await listen(t, server);
    const { counts, metrics, endings } = await bench(
      t,
      2,
      ...[`https://localhost:${port}/`, '-c', '2', '--http1.1', '--compressed'],
      ...['--cacert', files.ca, '--cert', files.cert, '--key', files.key],
    );
    assert.deepEqual(names, ['a test client', 'a test client']);
    assert.deepEqual([counts.events, counts.bytes, endings.open], [2, 2 * 13_008, 2]);
    assert.ok(counts.wireBytes > 0 && counts.wireBytes < counts.bytes / 10, `${counts.wireBytes} bytes`);
    assert.equal(metrics.time_to_tls?.count, 2);
  });

  test('share connections of HTTP/2, as many as was asked for', async (t) => {
    const { ca, leaf } = await certificates();
    const { cacert } = pemFiles({ cacert: ca.cert });
    const { url, sockets, requests } = await http2Server(
      t,
      (stream) => void respondWithEvents(stream, 'data: 1\n\n'),
      leaf,
    );
    const { counts, metrics } = await bench(
      t,
      30,
      ...[url, '-c', '30', '--workers', '1', '--http2', '--streams-per-connection', '10', '--cacert', cacert],
    );
    assert.deepEqual([sockets.length, requests.length], [3, 30]);
    assert.deepEqual([counts.events, counts.open, counts.failedAttempts], [30, 30, 0]);
    // Only who had a connection made waited for it.
    assert.deepEqual([metrics.time_to_tls?.count, metrics.time_to_first_event?.count], [3, 30]);
  });

  test('trust what nobody signed with -k, and fail by name without it', async (t) => {
    const { selfSigned } = await certificates();
    const { url } = await http2Server(
      t,
      (stream) => void respondWithEvents(stream, 'data: 1\n\n'),
      selfSigned,
    );
    const trusting = await bench(t, 2, url, '-c', '2', '-k');
    const run = new EndlessRun(t, url, '-c', '2');
    await run.until(() => run.counted('failed') >= 2, 'failures');
    const careful = await run.end();
    assert.deepEqual([trusting.counts.events, trusting.counts.failedAttempts], [2, 0]);
    assert.deepEqual([careful.counts.events, careful.counts.succeeded, careful.counts.open], [0, 0, 0]);
    assert.equal(careful.counts.failed, careful.counts.started);
    assert.equal(careful.errors[0]?.exit, 60);
  });

  test('that read slowly hold their server up, and nobody else', async (t) => {
    const connections = new Map<number, { pieces: number; stalledAt: number }>();
    const users = join(folder(t), 'users.csv');
    writeFileSync(users, 'n\n0\n1\n2\n3\n');
    const server = createServer((request, response) => {
      const connection = { pieces: 0, stalledAt: 0 };
      connections.set(Number(request.url?.slice(1)), connection);
      response.writeHead(200, STREAM);
      const piece = `data: ${'x'.repeat(64_000)}\n\n`;
      response.on('drain', () => {
        connection.stalledAt = 0;
      });
      const pour = setInterval(() => {
        if (connection.stalledAt > 0) return;
        connection.pieces += 1;
        if (!response.write(piece)) connection.stalledAt = performance.now();
      }, 5);
      request.on('close', () => clearInterval(pour));
    });
    const { port } = await listen(t, server);
    const run = new EndlessRun(
      t,
      ...[`http://127.0.0.1:${port}/{{n}}`, '--users', users, '-c', '4'],
      ...['--slow', '38%@10KB/s', '--workers', '2'],
    );
    const [fast, ...slow] = [2, 0, 1, 3];
    assert.deepEqual(
      [0, 1, 2, 3].filter((index) => shareOf(7, index, 'slow') < 0.38),
      slow,
    );
    const stalled = (index: number) => {
      const { stalledAt = 0 } = connections.get(index) ?? {};
      return stalledAt > 0 && performance.now() - stalledAt > 500;
    };
    await run.until(() => slow.every(stalled), 'slow readers to hold their server up');
    const { pieces = 0 } = connections.get(fast) ?? {};
    await run.until(() => (connections.get(fast)?.pieces ?? 0) > pieces + 20, 'the fast one to go on');
    assert.deepEqual(slow.map(stalled), [true, true, true]);
    const { counts } = await run.end();
    assert.deepEqual([counts.started, counts.open], [4, 4]);
  });

  test('come back when all are cut at once', async (t) => {
    const { url, requests } = await tickingServer(t);
    const storming = ['--drop-at', '300ms', '--retry-delay', '100ms', '--workers', '2'];
    const run = new EndlessRun(t, url, '-c', '6', ...storming);
    await run.until(() => run.counted('opened') === 12, 'all to be back');
    const { counts, endings, storm } = await run.end();
    assert.deepEqual([storm?.cut, storm?.back, requests()], [6, 6, 12]);
    const { back50, back95, back100 } = storm ?? {};
    assert.ok(back50 && back95 && back100 && back50 >= 100 && back50 <= back95 && back95 <= back100);
    assert.deepEqual([counts.started, counts.attempts, counts.outages, counts.open], [6, 12, 6, 6]);
    assert.deepEqual([endings.client, endings.open], [6, 6]);
  });

  test('leave where the plan has no more of them', async (t) => {
    const { url, requests } = await tickingServer(t);
    const run = new EndlessRun(t, url, '--stages', '0s:6,300ms:6,300ms:0,1h:0', '--workers', '2');
    await run.until(() => run.counted('succeeded') === 6, 'all to leave');
    const { counts, endings, series } = await run.end();
    assert.deepEqual([counts.started, counts.succeeded, counts.open, requests()], [6, 6, 0, 6]);
    assert.deepEqual([endings.client, series.at(-1)?.connected, counts.failedAttempts], [6, 0, 0]);
  });

  test('that leave for good have succeeded, whatever they had', async (t) => {
    const { url, requests } = await tickingServer(t);
    const load = ['--stages', '100ms:200/s,0s:0/s,1h:0/s', '--workers', '2'];
    const left = Array.from({ length: 10 }, (_, index) => shareOf(7, index, 'cancel') < 0.5).filter(Boolean);
    const run = new EndlessRun(t, url, ...load, '--cancel', '50%@300ms');
    await run.until(() => run.counted('succeeded') === left.length, 'some to leave');
    const { counts, endings, metrics } = await run.end();
    assert.deepEqual([counts.started, requests()], [10, 10]);
    const { succeeded, open } = counts;
    assert.deepEqual([succeeded, open, endings.client], [left.length, 10 - left.length, left.length]);
    assert.ok((metrics.lifetime.client?.max ?? 0) >= 290 && counts.events > 0);
  });
});

/** Sends an event each 20 ms. */
async function tickingServer(test: TestContext) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    response.writeHead(200, STREAM);
    const tick = setInterval(() => response.write('data: 1\n\n'), 20);
    request.on('close', () => clearInterval(tick));
  });
  const { port } = await listen(test, server);
  return { url: `http://127.0.0.1:${port}/`, requests: () => requests };
}

function commonNameOf({ socket }: IncomingMessage): string {
  return String((socket as TLSSocket).getPeerCertificate().subject?.CN);
}
