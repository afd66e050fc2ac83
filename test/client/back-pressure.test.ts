import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { monotonicMs } from '../../src/client/clock.ts';
import { openHttp2Stream } from '../e2e/harness/http2-frames.ts';
import { http2Server, respondWithEvents } from '../e2e/harness/http2-server.ts';
import type { RawConnection } from '../e2e/harness/raw-connection.ts';
import { rawServer } from '../e2e/harness/raw-server.ts';
import { until } from '../e2e/harness/until.ts';
import { chunk, head, LAST_CHUNK, streamHead } from '../e2e/harness/wire.ts';
import { answering } from './ending-cases.ts';
import { requestOf, start } from './recorded-attempt.ts';

/** Events of 64 KB: a few hundred fill every buffer of a connection. */
const EVENT = `data: ${'x'.repeat(64 * 1024)}\n\n`;
const MANY = 400;

const priorKnowledge = { connection: { http: '2-prior-knowledge' } } as const;

/** Waits until a count has not grown for a while, and returns it. */
async function plateau(count: () => number): Promise<number> {
  let [last, since] = [count(), monotonicMs()];
  await until(() => {
    if (count() !== last) [last, since] = [count(), monotonicMs()];
    return monotonicMs() - since > 150;
  }, 'the server to be held up');
  return last;
}

/** A server that sends many events as fast as they are taken, and counts those that the kernel took. */
function manyEvents(): { taken: () => number; serve: (client: RawConnection) => Promise<void> } {
  let taken = 0;
  return {
    taken: () => taken,
    async serve(client) {
      await client.write(streamHead.chunked);
      for (; taken < MANY; taken++) await client.write(chunk(EVENT));
      await client.write(LAST_CHUNK);
    },
  };
}

describe('a paused attempt', () => {
  test('holds up the server, and gets everything once it goes on', async (t) => {
    const { taken, serve } = manyEvents();
    const server = await rawServer(t, answering(serve));
    const { recording, attempt } = start(t, requestOf(server.url));
    recording.onEvent = () => {
      recording.onEvent = () => {};
      attempt.pause();
    };
    await recording.received(1);
    const held = await plateau(taken);
    assert.ok(held < MANY, 'the server could send everything');
    assert.ok(recording.events.length < 10, `${recording.events.length} events came through the pause`);
    attempt.resume();
    const close = await recording.ended();
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(close.events, MANY);
    assert.equal(taken(), MANY);
  });

  test('holds up the server from the start where it is paused before the answer', async (t) => {
    const { taken, serve } = manyEvents();
    const server = await rawServer(t, answering(serve));
    const { recording, attempt } = start(t, requestOf(server.url));
    attempt.pause();
    const held = await plateau(taken);
    assert.ok(held < MANY);
    assert.deepEqual(recording.order, []);
    attempt.resume();
    assert.equal((await recording.ended()).events, MANY);
  });

  test('holds up a server that compresses, whose bytes decode to many more', async (t) => {
    const body = gzipSync(EVENT.repeat(MANY));
    const serve = async (client: RawConnection) => {
      await client.write(
        head('200 OK', {
          'Content-Type': 'text/event-stream',
          'Content-Encoding': 'gzip',
          'Content-Length': body.length,
        }),
      );
      await client.write(body);
    };
    const server = await rawServer(t, answering(serve));
    const { recording, attempt } = start(t, requestOf(server.url));
    recording.onEvent = () => {
      if (recording.events.length === 1) attempt.pause();
    };
    await recording.received(1);
    const held = await plateau(() => recording.events.length);
    assert.ok(held < 10, `${held} events came through the pause`);
    attempt.resume();
    const close = await recording.ended();
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(close.events, MANY);
  });

  test('holds up a server over HTTP/2', async (t) => {
    let taken = 0;
    const server = await http2Server(t, async (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      for (; taken < MANY; taken++) await new Promise((written) => stream.write(EVENT, written));
      stream.end();
    });
    const { recording, attempt } = start(t, requestOf(server.url, priorKnowledge));
    recording.onEvent = () => {
      if (recording.events.length === 1) attempt.pause();
    };
    await recording.received(1);
    const held = await plateau(() => taken);
    assert.ok(held < MANY);
    attempt.resume();
    const close = await recording.ended();
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(close.events, MANY);
  });

  test('may go on within the event at which it paused', async (t) => {
    const body = 'data: x\n\n'.repeat(1000);
    const server = await rawServer(
      t,
      answering((client) => client.write(streamHead.chunked + chunk(body) + chunk(body) + LAST_CHUNK)),
    );
    const { recording, attempt } = start(t, requestOf(server.url));
    recording.onEvent = () => {
      attempt.pause();
      attempt.resume();
    };
    const close = await recording.ended();
    assert.equal(close.reason, 'eof', close.error?.message);
    assert.equal(close.events, 2000);
  });

  test('is not idle: the silence is ours', async (t) => {
    const server = await rawServer(
      t,
      answering(async (client) => {
        await client.write(`${streamHead.close}data: one\n\n`);
        await client.left();
      }),
    );
    const { recording, attempt } = start(t, requestOf(server.url, { idleTimeoutMs: 100 }));
    await recording.received(1);
    attempt.pause();
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal(recording.closeInfo, undefined);
    const resumed = monotonicMs();
    attempt.resume();
    const close = await recording.ended();
    assert.equal(close.reason, 'idle');
    assert.ok((close.marks.end ?? 0) - resumed >= 98, 'the silence counts from the moment it goes on');
  });

  for (const ending of ['reset', 'finish'] as const) {
    test(`neither crashes nor hangs when the server ends the connection by ${ending}`, async (t) => {
      const server = await rawServer(
        t,
        answering(async (client) => {
          await client.write(streamHead.chunked + chunk('data: one\n\n'));
          await recording.received(1);
          attempt.pause();
          await client.write(chunk('data: two\n\n'));
          client[ending]();
        }),
      );
      const { recording, attempt } = start(t, requestOf(server.url));
      await recording.received(1);
      await plateau(() => recording.order.length);
      attempt.resume();
      const close = await recording.ended();
      assert.equal(close.reason, ending === 'reset' ? 'reset' : 'truncated', close.error?.message);
      if (ending === 'finish') assert.deepEqual(recording.data, ['one', 'two']);
    });
  }

  test('over HTTP/2 gets what came before the stream ended', async (t) => {
    const server = await http2Server(t, async (stream, session) => {
      await respondWithEvents(stream, 'data: one\n\n');
      stream.end('data: two\n\n');
      session.close();
    });
    const { recording, attempt } = start(t, requestOf(server.url, priorKnowledge));
    attempt.pause();
    await until(() => recording.opens.length === 1);
    await plateau(() => recording.order.length);
    attempt.resume();
    const close = await recording.ended();
    assert.deepEqual(recording.data, ['one', 'two']);
    assert.equal(close.reason, 'eof', close.error?.message);
  });

  test('over HTTP/2 gets what came before the connection ended', async (t) => {
    const server = await rawServer(t, async (client) => {
      await openHttp2Stream(client, 'data: one\n\n');
      client.finish();
    });
    const { recording, attempt } = start(t, requestOf(server.url, priorKnowledge));
    attempt.pause();
    await until(() => recording.opens.length === 1);
    await plateau(() => recording.order.length);
    attempt.resume();
    const close = await recording.ended();
    assert.deepEqual(recording.data, ['one']);
    assert.equal(close.reason, 'truncated', close.error?.message);
  });

  test('can be left, and its server notices', async (t) => {
    let noticed = false;
    const server = await rawServer(
      t,
      answering(async (client) => {
        await client.write(`${streamHead.close}data: one\n\n`);
        await client.left();
        noticed = true;
      }),
    );
    const { recording, attempt } = start(t, requestOf(server.url));
    await recording.received(1);
    attempt.pause();
    attempt.close('until');
    assert.equal(recording.closeInfo?.reason, 'client');
    assert.equal(recording.closeInfo?.by, 'until');
    await until(() => noticed, 'the server to notice');
  });
});

describe('one read', () => {
  test('gives all its chunks and events one time', async (t) => {
    const parts = Array.from({ length: 20 }, (_, i) => chunk(`data: ${i}\n\n`)).join('');
    const server = await rawServer(
      t,
      answering((client) => client.write(streamHead.chunked + parts + LAST_CHUNK)),
    );
    const { recording } = start(t, requestOf(server.url));
    const { marks } = await recording.ended();
    assert.equal(recording.chunks.length, 20);
    const times = new Set([...recording.chunks, ...recording.events].map(({ at }) => at));
    assert.equal(times.size, 1);
    assert.ok(times.has(marks.firstByte ?? Number.NaN));
    assert.equal(marks.headers, marks.firstByte);
    assert.equal(marks.firstEvent, marks.firstByte);
  });

  test('over HTTP/2 gives all its frames one time', async (t) => {
    // Frames hold 16 KB, reads 64 KB.
    const server = await http2Server(t, async (stream) => {
      await respondWithEvents(stream, EVENT.repeat(3));
      stream.end();
    });
    const { recording } = start(t, requestOf(server.url, priorKnowledge));
    await recording.ended();
    const times = new Set(recording.chunks.map(({ at }) => at));
    assert.ok(recording.chunks.length >= 12);
    assert.ok(times.size <= recording.chunks.length / 2, `${times.size} times`);
  });

  test('and the next one have times of their own', async (t) => {
    const server = await rawServer(
      t,
      answering(async (client) => {
        await client.write(streamHead.chunked + chunk('data: one\n\n'));
        await recording.received(1);
        await client.write(chunk('data: two\n\n') + LAST_CHUNK);
      }),
    );
    const { recording } = start(t, requestOf(server.url));
    await recording.ended();
    const [one, two] = recording.events;
    assert.ok(one !== undefined && two !== undefined && one.at < two.at);
  });
});
