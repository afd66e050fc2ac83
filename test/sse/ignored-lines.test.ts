import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDecoder } from '../../src/sse/decoder.ts';
import type { Decoder } from '../../src/sse/sink.ts';

/** A decoder whose listener is called for each comment. */
function decoder(comment: () => void): Decoder {
  return createDecoder({ event: () => {}, comment, retry: () => {} });
}

/** Lines of a stack for an error made now: they cost many times what a line of a stream does. */
function stackFrames(): number {
  return (new Error('now').stack ?? '').split('\n').length - 1;
}

describe('lines that mean nothing', () => {
  for (const line of ['foo: bar', 'foo', 'retry: x']) {
    test(`are parsed without a stack for each, from the second on: ${line}`, () => {
      const frames: number[] = [];
      const decoding = decoder(() => frames.push(stackFrames()));
      decoding.push(Buffer.from(`: before\n${line}\n: after\n`), 0);
      decoding.push(Buffer.from(`: later\n${line}\n`), 1);
      assert.ok((frames[0] ?? 0) > 0);
      assert.deepEqual(frames.slice(1), [0, 0]);
    });
  }

  test('leave other streams, and what comes after a push, their stacks', () => {
    const limit = Error.stackTraceLimit;
    const frames: number[] = [];
    decoder(() => {}).push(Buffer.from('foo: bar\n'), 0);
    assert.equal(Error.stackTraceLimit, limit);
    decoder(() => frames.push(stackFrames())).push(Buffer.from(': x\n'), 0);
    assert.ok((frames[0] ?? 0) > 0);
  });

  test('leave stacks as they were where the listener throws', () => {
    const limit = Error.stackTraceLimit;
    const decoding = decoder(() => {
      throw new Error('of the listener');
    });
    assert.throws(() => decoding.push(Buffer.from('foo: bar\n: x\n'), 0), /of the listener/);
    assert.equal(Error.stackTraceLimit, limit);
  });
});
