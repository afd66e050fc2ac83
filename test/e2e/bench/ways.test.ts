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
import { certificates, pemFiles } from '../harness/certificates.ts';
import { http2Server, respondWithEvents } from '../harness/http2-server.ts';
import { listen } from '../harness/listening.ts';
import { bench, folder } from './run.ts';

const STREAM = { 'Content-Type': 'text/event-stream' };
const SHORT = ['--ramp-up', '0s', '--for', '900ms', '--workers', '1'];

describe('the requests of bench', { concurrency: 3 }, () => {
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
      ...[`http://127.0.0.1:${port}/a`, `http://127.0.0.1:${port}/b`, '-c', '4', '--users', users],
      ...['--json', '{"name":"{{name}}","word":"{{word}}"}', '-H', 'X-Name: {{name}}'],
      ...['--local-address', '127.0.0.11-127.0.0.12', '--ramp-up', '0s', '--for', '900ms', '--workers', '2'],
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
      ...[`https://localhost:${port}/`, '-c', '2', ...SHORT, '--http1.1', '--compressed'],
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
      ...[url, '-c', '30', ...SHORT, '--http2', '--streams-per-connection', '10', '--cacert', cacert],
    );
    assert.deepEqual([sockets.length, requests.length], [3, 30]);
    assert.deepEqual([counts.events, counts.open, counts.failedAttempts], [30, 30, 0]);
    // Only who had a connection made waited for it.
    assert.deepEqual([metrics.time_to_tls?.count, metrics.time_to_first_event?.count], [3, 30]);
  });

  test('are made of certificates that nobody signed with -k, and without it fail by name', async (t) => {
    const { selfSigned } = await certificates();
    const { url } = await http2Server(
      t,
      (stream) => void respondWithEvents(stream, 'data: 1\n\n'),
      selfSigned,
    );
    const [trusting, careful] = await Promise.all([
      bench(url, '-c', '2', ...SHORT, '-k'),
      bench(url, '-c', '2', ...SHORT),
    ]);
    assert.deepEqual([trusting.counts.events, trusting.counts.failedAttempts], [2, 0]);
    assert.deepEqual([careful.counts.events, careful.counts.succeeded, careful.counts.open], [0, 0, 0]);
    assert.equal(careful.counts.failed, careful.counts.started);
    assert.equal(careful.errors[0]?.exit, 60);
    // A certificate will not become a good one: slots wait longer each time.
    assert.ok(careful.counts.started <= 2 * 2, `${careful.counts.started} started`);
  });
});

describe('what streams do on purpose', { concurrency: 3 }, () => {
  test('slow readers hold their server up, and nobody else', async (t) => {
    const stalls = new Map<number, number>();
    const users = join(folder(t), 'users.csv');
    writeFileSync(users, 'n\n0\n1\n2\n3\n');
    const server = createServer((request, response) => {
      const n = Number(request.url?.slice(1));
      response.writeHead(200, STREAM);
      stalls.set(n, 0);
      const piece = `data: ${'x'.repeat(64_000)}\n\n`;
      let stalledAt = 0;
      response.on('drain', () => {
        stalledAt = 0;
      });
      const pour = setInterval(() => {
        if (stalledAt > 0) stalls.set(n, Math.max(stalls.get(n) ?? 0, performance.now() - stalledAt));
        else if (!response.write(piece)) stalledAt = performance.now();
      }, 5);
      request.on('close', () => clearInterval(pour));
    });
    const { port } = await listen(t, server);
    const { counts } = await bench(
      ...[`http://127.0.0.1:${port}/{{n}}`, '--users', users, '-c', '4', '--slow', '38%@10KB/s'],
      ...['--ramp-up', '0s', '--for', '1800ms', '--workers', '2'],
    );
    const slow = [0, 1, 2, 3].filter((index) => shareOf(7, index, 'slow') < 0.38);
    assert.equal(slow.length, 3);
    const stalled = [...stalls].filter(([, ms]) => ms > 400).map(([n]) => n);
    assert.deepEqual(stalled.sort(), slow);
    assert.deepEqual([counts.started, counts.open], [4, 4]);
  });

  test('all that are cut at once come back, and leave as the plan has it', async (t) => {
    const { url, requests } = await tickingServer(t);
    const { counts, endings, storm, series } = await bench(
      ...[url, '--stages', '0s:6,900ms:6,400ms:0,200ms:0', '--drop-at', '400ms', '--retry-delay', '100ms'],
      ...['--workers', '2'],
    );
    assert.deepEqual([storm?.cut, storm?.back], [6, 6]);
    const { back50, back95, back100 } = storm ?? {};
    assert.ok(back50 && back95 && back100 && back50 >= 100 && back50 <= back95 && back95 <= back100);
    assert.equal(requests(), 12);
    assert.deepEqual([counts.started, counts.attempts, counts.outages], [6, 12, 6]);
    assert.deepEqual([counts.succeeded, counts.open, endings.client], [6, 0, 12]);
    assert.equal(series.at(-1)?.connected, 0);
  });

  test('those that leave for good have succeeded, whatever they had', async (t) => {
    const { url, requests } = await tickingServer(t);
    const { counts, endings, metrics } = await bench(
      ...[url, '--stages', '100ms:200/s,0s:0/s,1s:0/s', '--cancel', '50%@300ms', '--workers', '2'],
    );
    const leaves = Array.from({ length: 10 }, (_, index) => shareOf(7, index, 'cancel') < 0.5);
    const left = leaves.filter(Boolean).length;
    assert.deepEqual([counts.started, requests()], [10, 10]);
    assert.deepEqual([counts.succeeded, counts.open, endings.client], [left, 10 - left, left]);
    assert.ok((metrics.lifetime.client?.min ?? 0) >= 290 && counts.events > 0);
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
