import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import type { Observation } from '../../../src/checks/observation/observation.ts';
import { observe, type Watch } from '../../../src/checks/observation/observe.ts';
import { createPool } from '../../../src/client/pool.ts';
import { requestOf } from '../../client/recorded-attempt.ts';
import { listen } from '../../e2e/harness/listening.ts';

const NEVER = new AbortController().signal;

async function observed(
  test: TestContext,
  answer: RequestListener,
  watch: Partial<Watch> = {},
): Promise<Observation> {
  const { port } = await listen(test, createServer(answer));
  const pool = createPool();
  test.after(() => pool.close());
  const seen = await observe(pool, requestOf(`http://127.0.0.1:${port}/`), {
    forMs: 10_000,
    signal: NEVER,
    ...watch,
  });
  assert.equal(pool.size, 0, 'nothing is left under way');
  return seen;
}

const endless: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('data: 1\n\ndata: 2\n\n: comment\n\n');
};

describe('a watched request', () => {
  test('is told whole: sending, head, reads, events, comments, end', async (test) => {
    const seen = await observed(test, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Case': 'kept' });
      response.end(': hello\n\nid: 7\nevent: tick\ndata: a\n\n');
    });
    const { startedAt, sentAt = 0, head, reads, events, comments, end } = seen;
    assert.equal(head?.status, 200);
    assert.deepEqual(
      head.headers.find(([name]) => name === 'X-Case'),
      ['X-Case', 'kept'],
    );
    assert.deepEqual(
      events.map(({ type, data, id }) => [type, data, id]),
      [['tick', 'a', '7']],
    );
    assert.equal(comments.length, 1);
    assert.equal(
      reads.reduce((sum, { bytes }) => sum + bytes, 0),
      36,
    );
    const times = [startedAt, sentAt, head.at, reads[0]?.at ?? 0, end?.at ?? 0];
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.equal(end?.info.reason, 'eof');
  });

  test('is left after its time', async (test) => {
    const { end, events } = await observed(test, endless, { forMs: 150 });
    assert.equal(end?.info.by, 'for');
    assert.equal(events.length, 2);
  });

  test('may be silent for longer than a request may elsewhere', async (test) => {
    const { port } = await listen(test, createServer(endless));
    const pool = createPool();
    test.after(() => pool.close());
    const impatient = requestOf(`http://127.0.0.1:${port}/`, { idleTimeoutMs: 20 });
    const { end } = await observe(pool, impatient, { forMs: 200, signal: NEVER });
    assert.equal(end?.info.by, 'for');
  });

  test('is left when enough was seen, with all that came with it', async (test) => {
    const { end, events } = await observed(test, endless, { until: ({ events }) => events.length >= 1 });
    assert.equal(end?.info.by, 'until');
    assert.equal(events.length, 2, 'the read is looked at when it is decoded');
  });

  test('is left at its head', async (test) => {
    const head: RequestListener = (_request, response) => response.writeHead(200).flushHeaders();
    const { end, head: seen } = await observed(test, head, { until: ({ head }) => head !== undefined });
    assert.equal(seen?.status, 200);
    assert.ok(end !== undefined);
  });

  test('is left at once when it is aborted, and before it began where it was aborted before', async (test) => {
    const abort = new AbortController();
    const during = observed(test, endless, {
      signal: abort.signal,
      until: () => {
        abort.abort();
        return false;
      },
    });
    assert.equal((await during).end?.info.by, 'signal');
    const { end, head } = await observed(test, endless, { signal: AbortSignal.abort() });
    assert.equal(end?.info.by, 'signal');
    assert.equal(head, undefined);
  });

  test('tells what went wrong in its end', async (test) => {
    const refused = createServer();
    const { port, close } = await listen(test, refused);
    await close();
    const pool = createPool();
    const seen = await observe(pool, requestOf(`http://127.0.0.1:${port}/`), {
      forMs: 10_000,
      signal: NEVER,
    });
    assert.equal(seen.end?.info.error?.code, 'ECONNREFUSED');
    assert.equal(seen.sentAt, undefined);
    const status = await observed(test, (_request, response) => response.writeHead(503).end('too busy'));
    assert.equal(status.head?.status, 503);
    assert.equal(status.end?.info.body, 'too busy');
  });
});
