import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDecoder } from '../../src/sse/decoder.ts';
import type { SseSink } from '../../src/sse/sink.ts';

const LINES = 20_000;
const CHUNK_BYTES = 16 * 1024;

function sink(over: Partial<SseSink> = {}): SseSink {
  return { event: () => {}, comment: () => {}, retry: () => {}, ...over };
}

/** The quickest of several runs: what else the machine does only ever adds. */
function quickestMs(line: string): number {
  const stream = Buffer.from(line.repeat(LINES));
  const runs = Array.from({ length: 7 }, () => {
    const decoder = createDecoder(sink());
    const started = performance.now();
    for (let i = 0; i < stream.length; i += CHUNK_BYTES) decoder.push(stream.subarray(i, i + CHUNK_BYTES), i);
    return performance.now() - started;
  });
  return Math.min(...runs);
}

describe('lines that mean nothing', () => {
  for (const line of ['foo: bar\n', 'retry: x\n']) {
    test(`cost little more than known ones: ${line.trim()}`, () => {
      // About 5; it is 35 where each line makes a stack.
      const times = quickestMs(`data: bar\n\n${line}`) / quickestMs('data: bar\n\n: bar\n');
      assert.ok(times < 12, `${times} times as much`);
    });
  }

  test('leave the stacks of errors elsewhere as they were', () => {
    const limit = Error.stackTraceLimit;
    const decoder = createDecoder(
      sink({
        comment: () => {
          throw new Error('of the listener');
        },
      }),
    );
    decoder.push(Buffer.from('foo: bar\n'), 0);
    decoder.push(Buffer.from('foo: bar\n'), 1);
    assert.equal(Error.stackTraceLimit, limit);
    assert.throws(() => decoder.push(Buffer.from('foo: bar\n: x\n'), 2), /of the listener/);
    assert.equal(Error.stackTraceLimit, limit);
  });
});
