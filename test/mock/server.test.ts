import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { type MockOptions, type MockServer, startMockServer } from '../../src/mock/server.ts';
import { until } from '../e2e/harness/until.ts';

describe('the mock server', () => {
  let server: MockServer;
  const start = async (options: Partial<MockOptions> = {}) => {
    server = await startMockServer({ schedule: countTo(3), ...options });
    return server.url;
  };
  afterEach(() => server.close());

  test('answers any path with the headers that keep a stream flowing', async () => {
    const { response, body } = await read(`${await start()}any/path?x=1`);
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/event-stream');
    assert.equal(response.headers['cache-control'], 'no-cache, no-transform');
    assert.equal(response.headers['x-accel-buffering'], 'no');
    assert.match(body, /^: stream opened\nretry: 1000\n\n/);
  });

  test('counts ids from 1 and ends the transfer in order behind the last event', async () => {
    const { response, body } = await read(await start());
    assert.deepEqual(body.match(/^id: .*$/gm), ['id: 1', 'id: 2', 'id: 3']);
    assert.equal(response.complete, true);
  });

  test('sends its headers before the first event', async () => {
    const url = await start({ schedule: { event: () => ({ afterMs: 60_000, data: 'late' }) } });
    const response = await open(url);
    assert.equal(response.statusCode, 200);
    response.destroy();
  });

  test('resumes behind Last-Event-ID', async () => {
    const { body } = await read(await start(), { 'Last-Event-ID': '2' });
    assert.deepEqual(body.match(/^id: .*$/gm), ['id: 3']);
  });

  test('starts over, and says so, for an id that it never gave', async () => {
    const { body } = await read(await start(), { 'Last-Event-ID': 'abc' });
    assert.match(body, /^: .*not one of ours/m);
    assert.match(body, /^id: 1$/m);
  });

  test('sends a comment when it has nothing to say', async () => {
    const url = await start({
      heartbeatMs: 5,
      schedule: { event: () => ({ afterMs: 60_000, data: 'late' }) },
    });
    const response = await open(url);
    let text = '';
    response.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    await until(() => text.includes(': keep-alive\n: keep-alive\n'));
    response.destroy();
  });

  test('waits for a client that does not read instead of queueing for it, then drops it', async () => {
    let asked = 0;
    const big = 'x'.repeat(64 * 1024);
    const url = await start({
      stalledMs: 200,
      schedule: {
        event() {
          asked += 1;
          return { afterMs: 0, data: big };
        },
      },
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => server.readers === 1);
    await until(() => server.readers === 0);
    // What the kernel took in both directions, and one block that waited.
    assert.ok(asked < 500, `${asked} events of 64 KB were made for a client that reads nothing`);
    socket.destroy();
  });

  test('forgets a client that left', async () => {
    const response = await open(await start({ schedule: { event: () => ({ afterMs: 5, data: 'x' }) } }));
    assert.equal(server.readers, 1);
    response.destroy();
    await until(() => server.readers === 0);
  });

  test('ends open streams in order when it closes', async () => {
    const response = await open(await start({ schedule: { event: () => ({ afterMs: 5, data: 'x' }) } }));
    response.resume();
    await server.close();
    await until(() => response.complete);
  });
});

function countTo(last: number): MockOptions['schedule'] {
  return { event: (n) => (n > last ? undefined : { afterMs: 1, data: `event ${n}` }) };
}

function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject));
}

async function read(url: string, headers: Record<string, string> = {}) {
  const response = await open(url, headers);
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return { response, body };
}
