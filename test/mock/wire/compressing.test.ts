import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { constants, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import type { MockConfig } from '../../../src/mock/config.ts';
import type { Step } from '../../../src/mock/step.ts';
import { seededRandom } from '../../../src/stats/random.ts';
import { until } from '../../e2e/harness/until.ts';
import { RawClient } from './raw-client.ts';
import { event, never, serving } from './serving.ts';

const KB = 1024;

function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject));
}

const decoders = { gzip: createGunzip, br: createBrotliDecompress };

describe('a server that compresses', () => {
  const start = (t: TestContext, steps: Step[], config: Partial<MockConfig> = {}) =>
    serving(t, () => steps, { compress: 'gzip', ...config });

  for (const coding of ['gzip', 'br'] as const) {
    test(`lets an event be read though no other follows (${coding})`, async (t) => {
      for (const sent of [['one'], ['one', 'two']]) {
        const steps = [...sent.map((data) => event(data)), never];
        const server = await start(t, steps, { compress: coding });
        const response = await open(server.url, { 'Accept-Encoding': coding });
        assert.equal(response.headers['content-encoding'], coding);
        assert.equal(response.headers.vary, 'Accept-Encoding');
        let text = '';
        response.pipe(decoders[coding]()).on('data', (part) => {
          text += part;
        });
        await until(() => text === sent.map((data) => `data: ${data}\n\n`).join(''));
        response.destroy();
      }
    });
  }

  test('leaves a body as it is for whoever does not ask', async (t) => {
    const server = await start(t, [event('one')]);
    const client = new RawClient(server.url).get('/');
    await client.saw(/\r\n0\r\n\r\n$/);
    assert.match(client.text, /\r\nVary: Accept-Encoding\r\n/);
    assert.doesNotMatch(client.text, /Content-Encoding/);
    assert.match(client.text, /data: one/);
    client.leave();
  });

  test('does it for one request that asks in its query', async (t) => {
    const server = await start(t, [event('one')], { compress: undefined });
    const response = await open(`${server.url}?compress=br`, { 'Accept-Encoding': 'br, gzip' });
    assert.equal(response.headers['content-encoding'], 'br');
    response.destroy();
    const wrong = await open(`${server.url}?compress=zip`);
    assert.equal(wrong.statusCode, 400);
    wrong.resume();
  });

  test('ends compressed data and transfer in order, over HTTP/1.0 too', async (t) => {
    const server = await start(t, [event('one')]);
    const client = new RawClient(server.url).get('/', { 'Accept-Encoding': 'gzip' }, '1.0');
    assert.equal(await client.ended(), 'fin');
    const body = client.received.subarray(client.received.indexOf('\r\n\r\n') + 4);
    assert.equal(gunzipSync(body).toString(), 'data: one\n\n');
    client.leave();
  });

  test('cuts and resets behind what was written', async (t) => {
    for (const [how, ending] of [
      ['cut', 'fin'],
      ['reset', 'ECONNRESET'],
    ] as const) {
      // A reset takes with it what the other side has not read by then.
      const server = await start(t, [event('one'), { kind: 'end', how, afterMs: 500 }]);
      const client = new RawClient(server.url).get('/', { 'Accept-Encoding': 'gzip' }, '1.0');
      assert.equal(await client.ended(), ending);
      const body = client.received.subarray(client.received.indexOf('\r\n\r\n') + 4);
      const partly = gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH });
      assert.equal(partly.toString(), 'data: one\n\n');
      assert.throws(() => gunzipSync(body), 'the mark of its end is missing');
      client.leave();
    }
  });

  test('drops a reader that takes nothing, whatever is left in the compressor', async (t) => {
    const random = seededRandom(1);
    function* ticking(): Generator<Step> {
      // What hardly shrinks.
      for (;;) yield event(Array.from({ length: 2 * KB }, () => random().toString(36)).join(''), 1);
    }
    const server = await serving(t, ticking, { compress: 'gzip', maxStalledBytes: 128 * KB });
    const client = new RawClient(server.url);
    client.socket.pause();
    client.get('/', { 'Accept-Encoding': 'gzip' });
    await until(() => server.ended.length === 1);
    assert.equal(server.ended[0]?.end, 'stalled');
    client.leave();
  });

  test('blames no reader for what is before the compressor, and lets the schedule wait for it', async (t) => {
    const large = 'x'.repeat(900 * KB);
    const steps = Array.from({ length: 8 }, () => event(large, 1));
    const server = await start(t, [...steps, event('x'.repeat(3_000 * KB), 1), event('last', 1)]);
    const response = await open(server.url, { 'Accept-Encoding': 'gzip' });
    let bytes = 0;
    for await (const part of response.pipe(createGunzip())) bytes += (part as Buffer).length;
    const expected = [...steps.map(() => 900 * KB), 3_000 * KB, 4];
    assert.equal(
      bytes,
      expected.reduce((sum, length) => sum + length + 'data: \n\n'.length, 0),
    );
    await until(() => server.ended.length === 1);
    assert.equal(server.ended[0]?.end, 'eof');
  });

  test('compresses over HTTP/2, too', async (t) => {
    const server = await start(t, [event('one')], { http2: true });
    const { connect } = await import('node:http2');
    const session = connect(server.url);
    t.after(() => session.destroy());
    const stream = session.request({ ':path': '/', 'accept-encoding': 'gzip' });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    assert.equal(gunzipSync(Buffer.concat(parts)).toString(), 'data: one\n\n');
  });
});
