import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from '../wire/raw-client.ts';
import { echo, listening } from './listening.ts';

const serveBoth = (t: TestContext, timeoutMs?: number) => listening(t, echo, { http2: true }, timeoutMs);

/** Sends text one byte a turn, each in a packet of its own. */
async function dribble(client: RawClient, text: string): Promise<void> {
  for (const letter of text) {
    await new Promise<void>((resolve) => client.socket.write(letter, () => resolve()));
    await new Promise(setImmediate);
  }
}

describe('a port for HTTP/1.1 and HTTP/2 in the clear', () => {
  test('answers each in its own language', async (t) => {
    const server = await serveBoth(t);
    const one = new RawClient(server.url).get('/one');
    await one.saw(/^HTTP\/1\.1 200 OK\r\n[\s\S]*GET \/one$/);
    one.leave();
    const session = connect(server.url);
    t.after(() => session.destroy());
    const stream = session.request({ ':path': '/two' });
    let body = '';
    for await (const part of stream.setEncoding('utf8')) body += part;
    assert.equal(body, 'GET /two');
    assert.deepEqual(server.malformed, []);
  });

  test('is not misled by methods that begin like the preface, nor by bytes that come one by one', async (t) => {
    const server = await serveBoth(t);
    for (const method of ['POST', 'PUT', 'PATCH', 'PROPFIND']) {
      const client = new RawClient(server.url);
      await dribble(client, `${method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi`);
      await client.saw(new RegExp(`${method} /$`));
      client.leave();
    }
  });

  test('knows the preface when it comes byte by byte', async (t) => {
    const server = await serveBoth(t);
    const client = new RawClient(server.url);
    await dribble(client, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    // Its own SETTINGS, then its word for the client's.
    await until(() => client.received.includes(Buffer.from([0, 0, 0, 4, 1, 0, 0, 0, 0])));
    client.leave();
  });

  test('serves requests that came in one packet, and a body behind its head', async (t) => {
    const server = await serveBoth(t);
    const client = new RawClient(server.url).send(
      'POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    await client.saw(/POST \/1HTTP\/1\.1 200 OK\r\n[\s\S]*GET \/2$/);
    client.leave();
  });

  test('cuts a client that says nothing, or not enough', async (t) => {
    const server = await serveBoth(t, 100);
    const silent = new RawClient(server.url);
    const halting = new RawClient(server.url).send('PRI * HTT');
    await Promise.all([silent.ended(), halting.ended()]);
    assert.equal(silent.text + halting.text, '');
  });

  test('survives clients that leave before they have said enough', async (t) => {
    const server = await serveBoth(t);
    for (const how of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const client = new RawClient(server.url).send('PRI');
      await until(() => client.socket.writableLength === 0 && !client.socket.connecting);
      client.socket[how]();
    }
    const client = new RawClient(server.url).get('/');
    await client.saw(/GET \/$/);
    client.leave();
  });

  test('closes without waiting for clients that have not said enough', async (t) => {
    const server = await serveBoth(t);
    const silent = new RawClient(server.url);
    const client = new RawClient(server.url).get('/');
    await client.saw(/GET \/$/);
    const closed = server.close();
    server.closeIdle();
    await closed;
    await silent.ended();
    client.leave();
  });
});
