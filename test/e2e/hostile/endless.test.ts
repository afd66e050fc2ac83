import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rawServer, type Script } from '../harness/raw-server.ts';
import { type MeasuredOutcome, measured } from './measured.ts';
import { gzipHead, openHead, pour, pours } from './pour.ts';

const MB = 1024 ** 2;
const LIMIT_MB = 250;
/** Joining 3.3 million data lines takes some 50 bytes a line while the event grows; how many depends on Node's V8. */
const LIMIT_FOR_LINES_MB = 400;
const DEADLINE_MS = 30_000;

/** Far more than the 16 MB that an event may have. */
const GIGABYTE = 1024;

function assertBounded(run: MeasuredOutcome, limitMb = LIMIT_MB): void {
  assert.ok(run.peakMb > 20, 'the memory was not seen');
  assert.ok(run.peakMb < limitMb, `${run.peakMb} MB resident`);
  assert.doesNotMatch(run.stderr, /^\s+at |unexpected error/m);
}

/** Listens to a server of this script, with data on its way to nowhere. */
async function listens(
  t: Parameters<typeof rawServer>[0],
  script: Script,
  ...words: string[]
): Promise<MeasuredOutcome> {
  const server = await rawServer(t, script);
  const nowhere = openSync('/dev/null', 'w');
  t.after(() => closeSync(nowhere));
  return measured(['listen', server.url, ...words], { deadlineMs: DEADLINE_MS, stdout: nowhere });
}

describe('listen, given more than it can hold', () => {
  const tooLarge = [
    ['a line without end', pours({ first: 'data: ', piece: Buffer.alloc(MB, 'x') })],
    ['a comment without end', pours({ first: ': ', piece: Buffer.alloc(MB, 'x') })],
    ['an id without end', pours({ first: 'id: ', piece: Buffer.alloc(MB, '1') })],
    [
      'an event of 1 GB in data lines',
      pours({ piece: `data: ${'x'.repeat(1000)}\n`.repeat(1024), times: GIGABYTE, last: '\n' }),
    ],
    [
      'an event of 1 GB in data lines that end in CR',
      pours({ piece: `data: ${'x'.repeat(1000)}\r`.repeat(1024), times: GIGABYTE, last: '\r' }),
    ],
    ['1 GB of empty data lines', pours({ piece: 'data\n'.repeat(200_000), times: GIGABYTE, last: '\n' })],
    [
      'a gzip bomb: 1 GB of zeros in a line',
      pours({ head: gzipHead, piece: gzipSync(Buffer.alloc(16 * MB)), times: 64 }),
    ],
  ] as const;
  for (const [what, script] of tooLarge) {
    test(`${what} ends with 12, in bounded memory`, async (t) => {
      const run = await listens(t, script);
      assert.equal(run.code, 12, run.stderr);
      assert.match(run.stderr, /16 ?MB|16777216|larger/i);
      assert.match(run.stderr, /--max-event-size/);
      assertBounded(run, what === '1 GB of empty data lines' ? LIMIT_FOR_LINES_MB : LIMIT_MB);
    });
  }
});

describe('listen, given very much', () => {
  const comments = `: ${'x'.repeat(1020)}\n\n`.repeat(1024);
  const cases = [
    [
      'half a GB of comments in gzip',
      pours({ head: gzipHead, piece: gzipSync(comments.repeat(16)), times: 32 }),
      52,
    ],
    ['1 million comments', pours({ piece: ': ping\n\n'.repeat(10_000), times: 100 }), 52],
    ['1 million retry lines', pours({ piece: 'retry: 1000\n'.repeat(10_000), times: 100, last: '\n' }), 52],
    [
      '1 million retry lines that each say something else',
      pours({ piece: 'retry: 1000\nretry: 2000\n'.repeat(5_000), times: 100, last: '\n' }),
      52,
    ],
    ['1 million blank lines', pours({ piece: '\n'.repeat(10_000), times: 100 }), 52],
    ['200,000 unknown fields', pours({ piece: 'x: y\n'.repeat(10_000), times: 20, last: '\n' }), 52],
    [
      '1 million ids without data',
      pours({ piece: 'id: 1234\n\nid: 4321\n\n'.repeat(5_000), times: 100 }),
      52,
    ],
  ] as const;
  for (const [what, script, code] of cases) {
    test(`${what} run through in bounded memory`, async (t) => {
      const run = await listens(t, script, '-s');
      assert.equal(run.code, code, run.stderr);
      assertBounded(run);
    });
  }

  for (const format of ['ndjson', 'pretty']) {
    test(`as many names and ids as events leave the memory flat (${format})`, async (t) => {
      const script: Script = async (client) => {
        await client.request();
        await client.write(openHead);
        for (let n = 0; n < 300_000; n += 1_000) await pour(client, distinctEvents(n, 1_000), 1);
        client.finish();
      };
      const run = await listens(t, script, '--format', format);
      assert.equal(run.code, 0, run.stderr);
      assertBounded(run);
    });
  }
});

function distinctEvents(first: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const n = first + index;
    return `event: name-${n}-${'n'.repeat(40)}\nid: id-${n}-${'i'.repeat(40)}\ndata: ${n}\n\n`;
  }).join('');
}
