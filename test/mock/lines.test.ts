import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { SseKitError } from '../../src/client/errors.ts';
import { type LinesOptions, linesHandler } from '../../src/mock/lines.ts';
import { recordingFile, temporaryFolder } from '../recording/recording-files.ts';
import { type Asked, drained, plainOf, streamOf } from './presets/asked.ts';

const served = async (t: TestContext, text: string | Uint8Array, options?: LinesOptions) =>
  linesHandler(recordingFile(t, text, 'lines.txt'), options);

async function sent(handler: Awaited<ReturnType<typeof linesHandler>>, asked: Asked = {}) {
  return drained(await streamOf(handler, asked)).map(({ atMs, step, event }) =>
    step.kind === 'comment' ? [atMs, `: ${step.text}`] : [atMs, event.id, event.data],
  );
}

describe('the lines of a file', () => {
  test('are events an interval apart, with their numbers as ids', async (t) => {
    const handler = await served(t, 'one\r\n\n{"data":"two","event":"x"}\nthree', { intervalMs: 50 });
    const expected = [
      [50, '1', 'one'],
      [100, '2', 'two'],
      [150, '3', 'three'],
    ];
    assert.deepEqual(await sent(handler), expected);
    assert.deepEqual(await sent(handler), expected);
  });

  test('have comments, which leave with the event of their line, and ids of their own', async (t) => {
    const text = '{"comment":"hi"}\n{"data":"a","id":"x-1","comment":"c"}\nb\n{"comment":"end"}\n';
    assert.deepEqual(await sent(await served(t, text)), [
      [1000, ': hi'],
      [2000, ': c'],
      [2000, 'x-1', 'a'],
      [3000, '2', 'b'],
      [4000, ': end'],
    ]);
  });

  test('resume behind the id that was seen; who has seen the last has seen all', async (t) => {
    const handler = await served(t, 'a\n{"data":"b","id":"own"}\nc\n');
    assert.deepEqual(await sent(handler, { lastEventId: '1' }), [
      [1000, 'own', 'b'],
      [2000, '3', 'c'],
    ]);
    assert.deepEqual(await sent(handler, { lastEventId: 'own' }), [[1000, '3', 'c']]);
    assert.equal((await plainOf(handler, { lastEventId: '3' })).status, 204);
    const lost = await streamOf(handler, { lastEventId: '2' });
    assert.equal(lost.lostId, true);
    assert.equal(drained(lost).length, 3);
  });

  test('have the shape that flags and the query ask for, unless it is fixed', async (t) => {
    const text = 'a\n{"comment":"x"}\nb\n{"comment":"y"}\nc\n';
    const handler = await served(t, text, { count: 2 });
    assert.deepEqual(await sent(handler, { target: '/?interval=10ms' }), [
      [10, '1', 'a'],
      [20, ': x'],
      [30, '2', 'b'],
    ]);
    assert.equal((await sent(handler, { target: '/?count=1' })).length, 1);
    assert.equal((await plainOf(handler, { lastEventId: '2' })).status, 204);
    const fixed = await served(t, text, { fixed: true });
    assert.equal((await sent(fixed, { target: '/?count=1&interval=1s' })).length, 5);
  });

  test('begin behind a byte order mark', async (t) => {
    assert.deepEqual(await sent(await served(t, '\ufeff{"data":"a"}')), [[1000, '1', 'a']]);
  });
});

describe('a file of lines that can not be served', () => {
  async function refused(path: string): Promise<SseKitError> {
    try {
      await linesHandler(path);
    } catch (error) {
      assert.ok(error instanceof SseKitError, String(error));
      assert.equal(error.exitCode, 2);
      return error;
    }
    return assert.fail('it was served');
  }

  test('is told by its name and line', async (t) => {
    const path = recordingFile(t, 'a\n{"data":"b","retry":"soon"}\n', 'lines.txt');
    assert.equal((await refused(path)).message, `--lines ${path}: line 2: "retry" is "soon"`);
  });

  test('is missing, a folder, empty, or too large, as a pipe too', async (t) => {
    const folder = temporaryFolder(t);
    assert.match((await refused(join(folder, 'none'))).message, /no such file$/);
    assert.match((await refused(folder)).message, /a folder$/);
    assert.match(
      (await refused(recordingFile(t, '{"comment":"x"}\n\n'))).message,
      /there is no event in it$/,
    );
    const large = recordingFile(t, Buffer.alloc(64 * 1024 * 1024 + 1, `${'x'.repeat(1023)}\n`));
    assert.match((await refused(large)).message, /larger than 64 MB$/);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', large, pipe], { stdio: 'ignore' });
    t.after(() => writer.kill());
    assert.match((await refused(pipe)).message, /larger than 64 MB$/);
    const many = recordingFile(t, 'x\n'.repeat(1_000_001));
    assert.match((await refused(many)).message, /larger than 1000000 events$/);
  });

  test('has a line that is too long', async (t) => {
    const path = recordingFile(t, `a\n${'x'.repeat(16 * 1024 * 1024 + 1)}`);
    assert.match((await refused(path)).message, /line 2 is longer than 16 MB$/);
  });
});
