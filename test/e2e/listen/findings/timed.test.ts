import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import { runCli, startCli } from '../../harness/cli.ts';
import { startMock } from '../../harness/mock.ts';
import { rawServer } from '../../harness/raw-server.ts';
import { answering, framed, headOf } from './answering.ts';
import { find } from './found.ts';
import type { TIMED } from './timed.ts';

type Code = (typeof TIMED)[number];

interface Piece {
  afterMs: number;
  bytes: string;
}

const eventOf = (n: number) => `retry: 3000\nid: ${n}\ndata: event ${n}\n\n`;

/** Sends the pieces of one event after the other until the client leaves. */
function sending(t: TestContext, piecesOf: (n: number) => Piece[]) {
  return rawServer(t, async (client) => {
    await client.request();
    await client.write(headOf({}));
    for (let n = 1; !client.hasLeft; n++) {
      for (const { afterMs, bytes } of piecesOf(n)) {
        await sleep(afterMs);
        if (!client.hasLeft) await client.write(framed({}, bytes));
      }
    }
  });
}

/** Listens until the code is told: however slow the machine is, it is a question of more events. */
async function untilFound(code: Code, url: string): Promise<string> {
  const cli = startCli(['listen', url, '--lint', '--format', 'ndjson'], { deadlineMs: 60_000 });
  await cli.printed(new RegExp(`"code":"${code}"`));
  cli.signal('SIGINT');
  const { stdout } = await cli.ended;
  return stdout.split('\n').find((line) => line.includes(`"code":"${code}"`)) ?? '';
}

async function timedCodes(words: readonly string[]): Promise<string[]> {
  const { codes } = await find([...words, '--lint']);
  return codes.filter((code) => code !== 'six-connections');
}

describe('--lint, by the times of reads', { concurrency: 4 }, () => {
  test('finds headers that wait for the first event', async (t) => {
    const server = await answering(t, { headAfterMs: 1_100 });
    assert.deepEqual(await timedCodes([server.url, '-n', '1']), ['late-headers']);
  });

  test('finds no late headers where only the server is slow, or the first event', async (t) => {
    let isOpen = () => {};
    const opened = new Promise<void>((resolve) => {
      isOpen = resolve;
    });
    const slow = await rawServer(t, async (client) => {
      await client.request();
      await sleep(1_100);
      await client.write(headOf({}));
      await opened;
      await client.write(framed({}, eventOf(1)));
      await client.left();
    });
    const cli = startCli(['listen', slow.url, '-n', '1', '--lint', '--format', 'ndjson']);
    await cli.printed(/"type":"open"/);
    isOpen();
    assert.doesNotMatch((await cli.ended).stdout, /"code":"late-headers"/);
    const later = await sending(t, (n) => [{ afterMs: 1_100, bytes: eventOf(n) }]);
    assert.deepEqual(await timedCodes([later.url, '-n', '1']), []);
  });

  test('finds a silence of more than 30 s, and none where comments come', async (t) => {
    assert.match(await replayedWith(t, ''), /"code":"silence".*"no byte for 40 s"/);
    assert.doesNotMatch(await replayedWith(t, ':\n\n'), /"code":"silence"/);
  });

  test('finds events that come in several pieces', async (t) => {
    const server = await sending(t, (n) =>
      [`id: ${n}\n`, 'event: a\n', 'data: b\n', '\n'].map((bytes) => ({ afterMs: 15, bytes })),
    );
    assert.match(await untilFound('split-writes', server.url), /bytes in [3-9] reads/);
  });

  test('finds lines that are held back, compressed or not', async (t) => {
    const server = await sending(t, (n) => [
      { afterMs: 0, bytes: `retry: 3000\nid: ${n}\ndata: the beg` },
      { afterMs: 650, bytes: 'inning\n\n' },
    ]);
    assert.match(await untilFound('held-back', server.url), /the rest came \d+(?:\.\d)? s later"/);
    const coded = await gzipped(t, async (write) => {
      await write('retry: 3000\nid: 1\ndata: the beg');
      await sleep(650);
      await write('inning\n\n');
    });
    assert.match(await untilFound('held-back', coded), /the stream is compressed \(gzip\)/);
  });

  test('finds nothing held back where lines are whole, or the rest comes soon', async (t) => {
    const whole = await sending(t, (n) => [
      { afterMs: 0, bytes: `retry: 3000\nid: ${n}\n` },
      { afterMs: 600, bytes: 'data: x\n\n' },
    ]);
    assert.deepEqual(await timedCodes([whole.url, '-n', '3']), []);
    const soon = await sending(t, (n) => [
      { afterMs: 0, bytes: `retry: 3000\nid: ${n}\ndata: a` },
      { afterMs: 20, bytes: 'b\n\n' },
    ]);
    assert.deepEqual(await timedCodes([soon.url, '-n', '3']), []);
  });

  test('finds events that were held back by what they say themselves', async (t) => {
    const { url } = await startMock(t, '--interval', '300ms', '--fault', 'buffer=400');
    assert.match(
      await untilFound('held-in-batches', url),
      /events in one read, made over \d(?:\.\d)? s by their data/,
    );
  });

  test('finds batches of compressed events', async (t) => {
    const batch = `${[1, 2, 3].map((n) => `id: ${n}\ndata: x\n\n`).join('')}`;
    const coded = await gzipped(t, async (write) => {
      await write(batch);
      await sleep(1_050);
    });
    assert.match(await untilFound('compressed-batches', coded), /3 events in one read/);
    const plain = await sending(t, (n) => [
      { afterMs: n === 1 ? 0 : 1_050, bytes: [1, 2, 3].map((each) => eventOf(3 * n + each)).join('') },
    ]);
    assert.deepEqual(await timedCodes([plain.url, '-n', '13']), []);
  });
});

/** A server that compresses what is written, and flushes after it, again and again. */
async function gzipped(t: TestContext, turn: (write: (text: string) => Promise<void>) => Promise<void>) {
  const server = await rawServer(t, async (client) => {
    await client.request();
    await client.write(headOf({ headers: { 'Content-Encoding': 'gzip' } }));
    const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
    const write = async (text: string) => {
      await new Promise<void>((resolve) => gzip.write(text, () => resolve()));
      const bytes: Buffer | null = gzip.read();
      if (bytes !== null && !client.hasLeft) await client.write(framed({}, bytes));
    };
    while (!client.hasLeft) await turn(write);
  });
  return server.url;
}

/**
 * The head and the end of a recorded run, with two events 40 s apart between them, and these bytes 20 s after the first;
 * replayed with `--lint`.
 */
async function replayedWith(t: TestContext, between: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ssekit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'run.ndjson');
  const server = await sending(t, (n) => [{ afterMs: 0, bytes: eventOf(n) }]);
  await find([server.url, '-n', '1', '--record', file]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { type: string; t: number });
  const head = records.find(({ type }) => type === 'open');
  const end = records.find(({ type }) => type === 'close');
  assert.ok(head !== undefined && end !== undefined);
  const chunk = (afterMs: number, bytes: string) => {
    const b64 = Buffer.from(bytes).toString('base64');
    return { type: 'chunk', conn: 1, t: head.t + afterMs, b64 };
  };
  const made = [
    head,
    chunk(1_000, eventOf(1)),
    ...(between === '' ? [] : [chunk(21_000, between)]),
    chunk(41_000, eventOf(2)),
    { ...end, t: head.t + 42_000 },
  ];
  writeFileSync(file, made.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return (await runCli(['listen', '--from', file, '--lint', '--format', 'ndjson'])).stdout;
}
