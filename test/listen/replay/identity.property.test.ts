import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ListenOptions } from '../../../src/listen/options.ts';
import type { RawConnection } from '../../e2e/harness/raw-connection.ts';
import { rawServer } from '../../e2e/harness/raw-server.ts';
import { head, LAST_CHUNK } from '../../e2e/harness/wire.ts';
import { temporaryFolder } from '../../recording/recording-files.ts';
import { listenOptions } from '../http-case.ts';
import { keep, replay } from './kept-run.ts';

const CODINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

/** What one connection answers. */
interface Answer {
  status: string;
  type: string;
  body: Buffer;
  framing: 'chunked' | 'length' | 'close';
  coding: keyof typeof CODINGS | undefined;
  ending: 'whole' | 'cut' | 'reset';
  /** Where the bytes on the wire are cut into writes, as shares of all. */
  cuts: number[];
}

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((each) => each.replace(/[\r\n\0]/g, '·'));
const line = fc.oneof(
  { weight: 6, arbitrary: text.map((each) => `data: ${each}`) },
  text.map((each) => `event: ${each}`),
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 99 }).map((each) => `id: ${each}`) },
  text.map((each) => `id:${each}`),
  text.map((each) => `: ${each}`),
  fc.constantFrom('retry: 3', 'retry: 1', 'retry: never', 'nonsense', 'data', ''),
  fc.constantFrom('data: {"a":1,"b":[true]}', 'data: {"a":12345678901234567890}'),
);
const block = fc
  .tuple(fc.array(line, { maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([lines, end]) => `${lines.join(end)}${end}${end}`);
const body = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(block, { maxLength: 8 }),
    fc.constantFrom(Buffer.alloc(0), Buffer.from([0xff, 0xc3]), Buffer.from('data: lost')),
  )
  .map(([mark, blocks, rest]) => Buffer.concat([Buffer.from(mark + blocks.join('')), rest]));

const streamed: fc.Arbitrary<Answer> = fc.record({
  status: fc.constant('200 OK'),
  type: fc.constantFrom('text/event-stream', 'text/event-stream;charset=utf-8'),
  body,
  framing: fc.constantFrom('chunked', 'length', 'close'),
  coding: fc.constantFrom(undefined, undefined, 'gzip', 'deflate', 'br'),
  ending: fc.constantFrom('whole', 'whole', 'cut', 'reset'),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
});
const refused: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom('503 Service Unavailable', '404 Not Found', '204 No Content', '200 OK'),
  type: fc.constantFrom('text/html', 'application/json'),
  body: fc.constant(Buffer.from('<title>Try again</title>')),
  framing: fc.constant('length' as const),
  coding: fc.constant(undefined),
  ending: fc.constantFrom('whole', 'reset'),
  cuts: fc.constant([]),
});
const answers = fc.array(fc.oneof({ weight: 4, arbitrary: streamed }, { weight: 1, arbitrary: refused }), {
  minLength: 1,
  maxLength: 4,
});

// No time that ends a run: a timer is late by what a busy machine makes it, and a stream goes on until then.
const wishes: fc.Arbitrary<Partial<ListenOptions>> = fc.oneof(
  fc.constant({}),
  fc.constant({}),
  fc.integer({ min: 1, max: 6 }).map((maxEvents) => ({ stop: { maxEvents } })),
  fc.constant({ stop: { untilRegex: [/a/] } }),
  fc.constant({ filters: { event: ['message'], excludeEvent: [], grep: [/[a-m]/i] } }),
  fc.constant({ filters: { event: [], excludeEvent: [], grep: [], path: 'a' }, stop: { maxEvents: 2 } }),
);

async function serve(client: RawConnection, answer: Answer): Promise<void> {
  await client.request();
  const { status, type, framing, coding, ending, cuts } = answer;
  const bytes = coding === undefined ? answer.body : CODINGS[coding](answer.body);
  const kept = ending === 'cut' ? bytes.subarray(0, Math.ceil(bytes.length * 0.7)) : bytes;
  const lengths = {
    chunked: { 'Transfer-Encoding': 'chunked' },
    length: { 'Content-Length': bytes.length },
    close: {},
  };
  const encoding = coding === undefined ? {} : { 'Content-Encoding': coding };
  await client.write(head(status, { 'Content-Type': type, ...lengths[framing], ...encoding }));
  const places = [...new Set([0, ...cuts.map((share) => Math.round(share * kept.length)), kept.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, from] of places.entries()) {
    const piece = kept.subarray(from, places[index + 1] ?? from);
    if (piece.length === 0) continue;
    const frame = `${piece.length.toString(16)}\r\n`;
    await client.write(
      framing === 'chunked' ? Buffer.concat([Buffer.from(frame), piece, Buffer.from('\r\n')]) : piece,
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (ending === 'reset') return client.reset();
  if (framing === 'chunked' && ending === 'whole') await client.write(LAST_CHUNK);
  client.finish();
}

async function assertSameAgain(t: TestContext, folder: string, all: Answer[], wish: Partial<ListenOptions>) {
  const server = await rawServer(t, async (client) => {
    const answer = all[client.number - 1];
    if (answer === undefined) client.reset();
    else await serve(client, answer);
  });
  const options = listenOptions(server.url, {
    reconnect: { retries: 3, retryDelayMs: 2, retryMaxMs: 4 },
    stop: {},
    ...wish,
  });
  const [first, second] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')];
  const live = await keep(options, first);
  const again = await replay(first, options, { recordTo: second });
  assert.equal(again.records, live.records);
  assert.equal(again.log, live.log);
  assert.equal(again.code, live.code);
  assert.equal(readFileSync(second, 'utf8'), readFileSync(first, 'utf8'));
  await server.close();
}

describe('a recorded run', () => {
  test('prints the same when it is replayed, and is recorded the same', async (t) => {
    const folder = temporaryFolder(t);
    await fc.assert(
      fc.asyncProperty(answers, wishes, (all, wish) => assertSameAgain(t, folder, all, wish)),
      // Each run takes time: the first counterexample is told, and no smaller one looked for.
      { numRuns: 60, endOnFailure: true },
    );
  });
});
