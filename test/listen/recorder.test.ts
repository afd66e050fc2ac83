import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { until } from '../e2e/harness/until.ts';
import { temporaryFolder } from '../recording/recording-files.ts';
import { listenOptions } from './http-case.ts';
import { keep, linesOf } from './replay/kept-run.ts';

const stdin = { kind: 'stdin' as const, maxEventSizeBytes: 1024 * 1024 };

describe('the recorder', () => {
  test('has reading wait for a disk that is slow, and loses nothing', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const fifo = join(temporaryFolder(t), 'slow.ndjson');
    execFileSync('mkfifo', [fifo]);
    // Whoever opens it for writing waits for a reader, who takes nothing yet.
    const reader = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    t.after(() => closeSync(reader));
    const block = Buffer.from(`data: ${'x'.repeat(1000)}\n\n`.repeat(60));
    const blocks = 300;
    let taken = 0;
    const input = new Readable({
      highWaterMark: block.length,
      read() {
        taken++;
        this.push(taken <= blocks ? block : null);
      },
    });
    const running = keep(listenOptions('http://unused/', { source: stdin, summary: false }), fifo, input);
    let seen = 0;
    // It stands still when nothing has been read for many turns of the loop.
    await until(async () => {
      const before = seen;
      seen = taken;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return taken === before && taken > 0;
    });
    assert.ok(taken < blocks / 2, `${taken} of ${blocks} blocks were read`);
    const parts: Buffer[] = [];
    const buffer = Buffer.alloc(1024 * 1024);
    let ended = false;
    running.finally(() => {
      ended = true;
    });
    const drain = () => {
      try {
        for (let n = readSync(reader, buffer); n > 0; n = readSync(reader, buffer))
          parts.push(Buffer.from(buffer.subarray(0, n)));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
      }
    };
    while (!ended) {
      drain();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    drain();
    assert.equal((await running).code, 0);
    const lines = Buffer.concat(parts)
      .toString()
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    assert.equal(lines.filter(({ type }) => type === 'event').length, blocks * 60);
    assert.equal(lines.at(-1).type, 'close');
  });

  test('writes down that the run was left between two attempts, and when', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const options = listenOptions('http://127.0.0.1:1/', {
      stop: { forMs: 300 },
      reconnect: { retries: 9, retryDelayMs: 60_000, retryMaxMs: 60_000 },
    });
    const { records, code } = await keep(options, path);
    assert.equal(code, 7);
    const lines = linesOf(path);
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['close', 'reconnect', 'left'],
    );
    const summary = JSON.parse(records.trimEnd().split('\n').at(-1) ?? '');
    assert.deepEqual(lines.at(-1), { type: 'left', conn: 2, t: summary.t, by: 'for' });
  });

  test('tells what an attempt failed with, though another follows', async (t) => {
    const path = join(temporaryFolder(t), 'a.ndjson');
    const reconnect = { retries: 1, retryDelayMs: 1, retryMaxMs: 1 };
    await keep(listenOptions('http://127.0.0.1:1/', { reconnect }), path);
    const closes = linesOf(path).filter(({ type }) => type === 'close');
    assert.deepEqual(
      closes.map(({ code, exit }) => [code, exit]),
      [
        ['ECONNREFUSED', 7],
        ['ECONNREFUSED', 7],
      ],
    );
    assert.ok(closes.every(({ message, timing }) => typeof message === 'string' && 'end' in Object(timing)));
    assert.ok(readFileSync(path, 'utf8').endsWith('\n'));
  });
});
