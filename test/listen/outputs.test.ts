import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { type OutputOptions, Outputs } from '../../src/listen/outputs.ts';

/** Two outputs whose writes are noted in the order that a terminal would show them. */
function outputs(options: Partial<OutputOptions> = {}): { outputs: Outputs; writes: string[] } {
  const writes: string[] = [];
  const stream = (name: string) =>
    new Writable({
      write(chunk, _encoding, done) {
        writes.push(`${name}: ${String(chunk)}`);
        done();
      },
    });
  const io = { stdout: stream('out'), stderr: stream('err') };
  const ignore = () => {};
  const all = { oneTerminal: false, silent: false, ...options };
  return { outputs: new Outputs(io, all, ignore, ignore), writes };
}

const turn = () => new Promise(setImmediate);

function sayAll(to: Outputs): void {
  to.print({ log: 'open ' });
  to.print({ data: 'a ' });
  to.print({ data: 'b ' });
  to.print({ log: 'retry ' });
  to.print({ data: 'c ' });
  to.print({ log: 'close ' });
  to.print({ log: 'summary ' });
}

describe('the two outputs', () => {
  test('keep on one terminal the order in which things were said', async () => {
    const { outputs: both, writes } = outputs({ oneTerminal: true });
    sayAll(both);
    await turn();
    assert.deepEqual(writes, ['err: open ', 'out: a b ', 'err: retry ', 'out: c ', 'err: close summary ']);
  });

  test('keep it for bytes of the body too, and when flushed', () => {
    const { outputs: both, writes } = outputs({ oneTerminal: true });
    both.print({ log: 'open ' });
    both.writeBytes(Buffer.from('bytes'));
    both.print({ log: 'close ' });
    both.flush();
    assert.deepEqual(writes, ['err: open ', 'out: bytes', 'err: close ']);
  });

  test('are written once each where they go apart', async () => {
    const { outputs: both, writes } = outputs();
    sayAll(both);
    await turn();
    assert.deepEqual(writes.sort(), ['err: open retry close summary ', 'out: a b c ']);
  });

  test('say nothing but data and errors where silence is asked for', async () => {
    const { outputs: both, writes } = outputs({ silent: true });
    sayAll(both);
    both.printError({ log: 'error ' });
    await turn();
    assert.deepEqual(writes.sort(), ['err: error ', 'out: a b c ']);
  });
});
