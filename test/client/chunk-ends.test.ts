import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { until } from '../e2e/harness/until.ts';
import { chunk, head, LAST_CHUNK, streamHead } from '../e2e/harness/wire.ts';
import { attempt, type Recording, requestOf, start } from './recorded-attempt.ts';

/** What was told of the body: each piece, with a bar where a chunk ended. */
function marked({ chunks }: Recording): string {
  return chunks
    .map(({ bytes, ends }) => {
      const text = bytes.toString('latin1');
      if (ends === undefined) return text;
      return [0, ...ends].map((from, index) => text.slice(from, ends[index])).join('|');
    })
    .join('');
}

describe('the ends of chunks', () => {
  test('are told with the bytes that they follow', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(
        `${streamHead.chunked}${chunk('data: a\n\n')}${chunk('data: b\n\ndata: ')}${chunk('c\n\n')}${LAST_CHUNK}`,
      );
    });
    const { recording } = await attempt(t, server.url);
    assert.equal(marked(recording), 'data: a\n\n|data: b\n\ndata: |c\n\n|');
    assert.deepEqual(recording.data, ['a', 'b', 'c']);
  });

  test('are found in whatever pieces the framing comes', async (t) => {
    const answer = `${streamHead.chunked}10;x="y"\r\ndata: a\n\ndata: b\r\n2\r\n\n\n\r\n0\r\nX-Sum: 1\r\n\r\n`;
    // As many reads as the machine makes of it: at least the body is seen before and after each byte of framing.
    const server = await rawServer(t, async (client) => {
      await client.request();
      for (const byte of answer) {
        await client.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const { recording, close } = await attempt(t, server.url);
    assert.equal(close.reason, 'eof');
    assert.equal(marked(recording), 'data: a\n\ndata: b|\n\n|');
  });

  test('are told at once, before anything follows them', async (t) => {
    const server = await rawServer(t, async (client) => {
      await client.request();
      await client.write(`${streamHead.chunked}9\r\ndata: a\n\n`);
      await client.left();
    });
    const { recording, attempt: running } = start(t, requestOf(server.url));
    await until(() => recording.events.length === 1);
    assert.equal(marked(recording), 'data: a\n\n|');
    running.close('signal');
  });

  test('are those of the encoded body', async (t) => {
    const body = gzipSync('data: a\n\n').toString('latin1');
    const server = await rawServer(t, async (client) => {
      await client.request();
      const latin1 = (text: string) => Buffer.from(text, 'latin1');
      const halves = [body.slice(0, 12), body.slice(12)];
      await client.write(
        head('200 OK', {
          'Content-Type': 'text/event-stream',
          'Content-Encoding': 'gzip',
          'Transfer-Encoding': 'chunked',
        }),
      );
      for (const half of halves) await client.write(latin1(`${half.length.toString(16)}\r\n${half}\r\n`));
      await client.write(LAST_CHUNK);
    });
    const { recording } = await attempt(t, server.url);
    assert.equal(marked(recording), `${body.slice(0, 12)}|${body.slice(12)}|`);
  });

  test('of the answer alone, not of a redirect to it', async (t) => {
    const server = await rawServer(t, async (client) => {
      const { target } = await client.request();
      if (target === '/') {
        const redirect = head('307 Temporary Redirect', {
          Location: '/there',
          'Transfer-Encoding': 'chunked',
        });
        await client.write(`${redirect}${chunk('elsewhere')}${LAST_CHUNK}`);
      } else {
        await client.write(`${streamHead.chunked}${chunk('data: a\n\n')}${LAST_CHUNK}`);
      }
    });
    const { recording } = await attempt(t, server.url);
    assert.equal(marked(recording), 'data: a\n\n|');
  });

  for (const [name, answer] of [
    ['a length', `${streamHead.length(9)}data: a\n\n`],
    ['the end of the connection', `${streamHead.close}data: a\n\n`],
  ] as const) {
    test(`are not told where ${name} ends the body`, async (t) => {
      const server = await rawServer(t, async (client) => {
        await client.request();
        await client.write(answer);
        client.finish();
      });
      const { recording } = await attempt(t, server.url);
      assert.deepEqual(
        recording.chunks.map(({ ends }) => ends),
        [undefined],
      );
    });
  }
});
