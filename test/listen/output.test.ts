import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { Output } from '../../src/listen/output.ts';

/** A reader that takes a write only when it is told to. */
class SlowReader extends Writable {
  readonly writes: string[] = [];
  private taken: ((error?: Error) => void)[] = [];

  constructor() {
    super({ highWaterMark: 10, decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.writes.push(String(chunk));
    this.taken.push(done);
  }

  /** Takes what was written. */
  async take(error?: Error): Promise<void> {
    this.taken.shift()?.(error);
    await new Promise(setImmediate);
  }
}

function outputTo(reader: SlowReader): { output: Output; told: string[] } {
  const told: string[] = [];
  const output = new Output(
    reader,
    () => told.push('full'),
    () => told.push('drained'),
  );
  return { output, told };
}

const turn = () => new Promise(setImmediate);

describe('an output', () => {
  test('is written once for all that is said within one turn', async () => {
    const reader = new SlowReader();
    const { output } = outputTo(reader);
    output.write('a');
    output.write('b');
    output.write('c');
    assert.deepEqual(reader.writes, []);
    await turn();
    assert.deepEqual(reader.writes, ['abc']);
    await reader.take();
    output.write('d');
    await turn();
    assert.deepEqual(reader.writes, ['abc', 'd']);
  });

  test('keeps the order of text and bytes', async () => {
    const reader = new SlowReader();
    const { output } = outputTo(reader);
    output.write('a');
    output.writeBytes(Buffer.from('b'));
    output.write('c');
    await turn();
    for (const _ of [1, 2, 3]) await reader.take();
    assert.equal(reader.writes.join(''), 'abc');
  });

  test('tells once that its reader is slow, and once that it has caught up', async () => {
    const reader = new SlowReader();
    const { output, told } = outputTo(reader);
    output.write('x'.repeat(20));
    await turn();
    assert.equal(output.full, true);
    output.write('y'.repeat(20));
    await turn();
    assert.deepEqual(told, ['full']);
    await reader.take();
    await reader.take();
    assert.deepEqual(told, ['full', 'drained']);
    assert.equal(output.full, false);
  });

  test('says when what was written so far has left, and not before', async () => {
    const reader = new SlowReader();
    const { output } = outputTo(reader);
    const left: [string, boolean][] = [];
    output.write('a');
    output.whenWritten((written) => left.push(['a', written]));
    await turn();
    output.write('b');
    output.whenWritten((written) => left.push(['b', written]));
    await turn();
    assert.deepEqual(left, []);
    await reader.take();
    assert.deepEqual(left, [['a', true]]);
    await reader.take();
    assert.deepEqual(left, [
      ['a', true],
      ['b', true],
    ]);
  });

  test('says at once that all has left where nothing was to be written', async () => {
    const reader = new SlowReader();
    const { output } = outputTo(reader);
    const left: boolean[] = [];
    output.whenWritten((written) => left.push(written));
    await turn();
    await reader.take();
    assert.deepEqual(left, [true]);
  });

  test('says of what it could not write that it did not leave', async () => {
    const reader = new SlowReader();
    reader.on('error', () => {});
    const { output } = outputTo(reader);
    const left: boolean[] = [];
    output.write('a');
    output.whenWritten((written) => left.push(written));
    await turn();
    await reader.take(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    assert.deepEqual(left, [false]);
    output.write('b');
    output.whenWritten((written) => left.push(written));
    await turn();
    assert.deepEqual(left, [false, false]);
    assert.deepEqual(reader.writes, ['a']);
  });
});
