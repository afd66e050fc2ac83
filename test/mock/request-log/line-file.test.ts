import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { LineFile } from '../../../src/mock/request-log/line-file.ts';

/** A disk that takes a write when it is told to. */
class SlowDisk extends Writable {
  readonly taken: string[] = [];
  #go: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 10 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#go = () => {
      this.taken.push(chunk.toString());
      done();
    };
  }

  /** Takes all that waits, and all that comes of that. */
  async work(): Promise<void> {
    while (this.#go !== undefined) {
      const go = this.#go;
      this.#go = undefined;
      go();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('a file of lines', () => {
  test('leaves out what the disk is too slow for, and says how much at its place', async () => {
    const disk = new SlowDisk();
    const file = new LineFile(disk, (lines) => `lost ${lines}`, assert.fail, 20);
    for (let n = 1; n <= 10; n += 1) file.write(`line ${n}`);
    assert.ok(disk.writableLength < 40);
    await disk.work();
    file.write('later');
    await disk.work();
    assert.deepEqual(disk.taken, ['line 1\n', 'line 2\n', 'line 3\n', 'lost 7\n', 'later\n']);
  });

  test('tells at its end what was lost', async () => {
    const disk = new SlowDisk();
    const file = new LineFile(disk, (lines) => `lost ${lines}`, assert.fail, 5);
    for (let n = 1; n <= 3; n += 1) file.write(`line ${n}`);
    const closed = file.close();
    await disk.work();
    await closed;
    assert.deepEqual(disk.taken, ['line 1\n', 'lost 2\n']);
  });

  test('that can not be written any more is told once, and harms nobody', async () => {
    const warnings: string[] = [];
    const disk = new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC: full')) });
    const file = new LineFile(disk, String, (message) => warnings.push(message));
    file.write('one');
    file.write('two');
    await new Promise((resolve) => setImmediate(resolve));
    file.write('three');
    await file.close();
    assert.deepEqual(warnings, ['nothing more is written to the request log: ENOSPC: full']);
  });
});
