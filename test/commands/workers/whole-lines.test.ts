import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { passWholeLines } from '../../../src/commands/workers/whole-lines.ts';
import { until } from '../../e2e/harness/until.ts';

/** Keeps what is written, and takes one write at a time when it is slow. */
class Output extends Writable {
  readonly writes: string[] = [];
  #taken: (() => void) | undefined;
  readonly #slow: boolean;

  constructor(slow: boolean) {
    super({ highWaterMark: 10 });
    this.#slow = slow;
  }

  get text(): string {
    return this.writes.join('');
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.writes.push(String(chunk));
    if (this.#slow) this.#taken = callback;
    else callback();
  }

  take(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
}

describe('the logs of several workers', () => {
  test('come in whole lines, however they were cut on their way', async () => {
    const out = new Output(false);
    const [one, other] = [new PassThrough(), new PassThrough()];
    const passed = [passWholeLines(one, out), passWholeLines(other, out)];
    one.write('first li');
    other.write('of the other\nsecond of the o');
    await until(() => out.text === 'of the other\n');
    one.write('ne\nsecond line\nlast ');
    await until(() => out.text.endsWith('second line\n'));
    one.end('words');
    other.end('ther\n');
    await Promise.all(passed);
    assert.deepEqual(out.text.split('\n').sort(), [
      '',
      'first line',
      'last words',
      'of the other',
      'second line',
      'second of the other',
    ]);
  });

  test('are read no faster than they can be written', async () => {
    const out = new Output(true);
    const input = new PassThrough({ highWaterMark: 1_000 });
    const passed = passWholeLines(input, out);
    let refused = 0;
    const line = `${'x'.repeat(99)}\n`;
    for (let n = 0; n < 1_000 && refused < 3; n += 1) {
      if (!input.write(line)) refused += 1;
      await new Promise(setImmediate);
    }
    assert.equal(refused, 3);
    assert.ok(out.writableLength < 2_000, `${out.writableLength} characters wait`);
    input.end();
    let over = false;
    void passed.then(() => {
      over = true;
    });
    await until(() => {
      out.take();
      return over;
    });
    assert.ok(out.text.split('\n').every((each) => each === '' || each === line.trim()));
  });

  test('go on where nobody takes them any more', async () => {
    const out = new Output(true);
    out.on('error', () => {});
    const input = new PassThrough();
    const passed = passWholeLines(input, out);
    input.write(`${'x'.repeat(50)}\n`);
    await until(() => out.writes.length > 0);
    out.destroy();
    input.write('more\n');
    input.end();
    await passed;
  });
});
