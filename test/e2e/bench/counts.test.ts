import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { BenchResult } from '../../../src/results/bench/result.ts';
import { rawServer } from '../harness/raw-server.ts';
import { chunk, head, LAST_CHUNK, streamHead } from '../harness/wire.ts';
import { EndlessRun } from './run.ts';

/** Streams that are sent, before 204 sends each client away. */
const TURNS = 3;

/** Ten starts, and none after them. */
const LOAD = ['--stages', '200ms:100/s,0s:0/s,1h:0/s', '--workers', '2'];

/** Until all streams have come to their end. */
async function bench(test: TestContext, ...words: string[]): Promise<BenchResult> {
  const run = new EndlessRun(test, ...words, ...LOAD);
  await run.until(() => run.counted('succeeded') + run.counted('failed') >= 10, 'the end of all streams');
  return run.end();
}

/** Ends each stream, every third one in the middle of an event, and knows exactly what it has sent. */
async function endingServer(test: TestContext) {
  const sent = { streams: 0, cut: 0, goodbyes: 0, events: 0, comments: 0, bytes: 0 };
  const { url } = await rawServer(test, async (client) => {
    const turn = Number((await client.request()).header('last-event-id') ?? 0) + 1;
    if (turn > TURNS) {
      sent.goodbyes += 1;
      await client.write(head('204 No Content', { Connection: 'close' }));
      return client.finish();
    }
    sent.streams += 1;
    await client.write(streamHead.chunked);
    const part = async (text: string) => {
      sent.bytes += text.length;
      await client.write(chunk(text));
    };
    await part(`: hello\nretry: 20\n\nid: ${turn}\nda`);
    await part('ta: halves\n\n');
    for (let more = client.number % 4; more > 0; more -= 1) await part('data: a\n\ndata: b\n\n');
    sent.comments += 1;
    sent.events += 1 + 2 * (client.number % 4);
    if (client.number % 3 === 0) {
      sent.cut += 1;
      await part('data: never ended');
    } else await client.write(LAST_CHUNK);
    client.finish();
  });
  return { url, sent };
}

describe('what bench counts is what the server has sent', { concurrency: true }, () => {
  test('to streams that come back until they are sent away', async (t) => {
    const { url, sent } = await endingServer(t);
    const { counts, endings, errors } = await bench(t, url);
    assert.equal(counts.started, 10);
    assert.deepEqual([counts.succeeded, counts.failed, counts.open], [10, 0, 0]);
    assert.deepEqual([sent.streams, sent.goodbyes], [10 * TURNS, 10]);
    const { events, comments, bytes, wireBytes, opened, outages, attempts, failedAttempts } = counts;
    assert.deepEqual(
      { events, comments, bytes, opened, outages, attempts, failedAttempts },
      {
        events: sent.events,
        comments: sent.comments,
        bytes: sent.bytes,
        opened: sent.streams,
        outages: sent.streams,
        attempts: sent.streams + sent.goodbyes,
        failedAttempts: sent.cut,
      },
    );
    assert.equal(wireBytes, bytes);
    const { eof, truncated, no_content } = endings;
    assert.deepEqual([eof, truncated, no_content], [sent.streams - sent.cut, sent.cut, sent.goodbyes]);
    assert.deepEqual(
      errors.map(({ count }) => count),
      [sent.cut],
    );
  });

  test('to streams that never come back', async (t) => {
    const { url, sent } = await endingServer(t);
    const { counts, endings } = await bench(t, url, '--reconnect', 'none');
    assert.deepEqual([counts.started, counts.attempts, counts.outages], [10, 10, 0]);
    assert.deepEqual([counts.succeeded, counts.failed, counts.open], [10 - sent.cut, sent.cut, 0]);
    assert.deepEqual([endings.eof, endings.truncated], [10 - sent.cut, sent.cut]);
    assert.deepEqual([counts.events, counts.bytes, sent.streams], [sent.events, sent.bytes, 10]);
  });
});
