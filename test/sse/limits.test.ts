import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDecoder } from '../../src/sse/decoder.ts';
import { EventTooLargeError } from '../../src/sse/event-too-large.ts';
import type { SseSink } from '../../src/sse/sink.ts';
import { byteByByte, cut, decodeChunks, decodeWhole, RecordingSink } from './recording-sink.ts';

const MiB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Counts, and keeps nothing. */
class CountingSink implements SseSink {
  events = 0;
  comments = 0;
  retries = 0;
  lastDataLength = 0;
  event({ data }: { data: string }): void {
    this.events++;
    this.lastDataLength = data.length;
  }
  comment(): void {
    this.comments++;
  }
  retry(): void {
    this.retries++;
  }
}

/** Pushes the chunk again and again, until the decoder refuses or `times` is reached. */
function pushRepeatedly(
  chunk: string,
  times: number,
  options: { maxEventSizeBytes?: number; begin?: string } = {},
) {
  const sink = new CountingSink();
  const decoder = createDecoder(sink, options);
  decoder.push(Buffer.from(options.begin ?? ''), 0);
  const bytes = Buffer.from(chunk);
  let pushes = 0;
  let error: unknown;
  try {
    while (pushes < times) {
      decoder.push(bytes, pushes);
      pushes++;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { sink, decoder, pushes, error };
}

function memoryInUse(): number {
  // Buffers are let go of by the collection after the one that found them unused.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('the limit on the size of an event', () => {
  const limit = 30;
  const shapes: readonly [what: string, ofSize: (size: number) => string][] = [
    ['one line', (size) => `data: ${'x'.repeat(size - 8)}\n\n`],
    ['one line that ends in CRLF', (size) => `data: ${'x'.repeat(size - 10)}\r\n\r\n`],
    ['one line that ends in CR', (size) => `data: ${'x'.repeat(size - 8)}\r\r`],
    ['several lines', (size) => `id: 1\ndata: a\ndata: ${'x'.repeat(size - 22)}\n\n`],
    ['an unknown field', (size) => `unknown: ${'x'.repeat(size - 11)}\n\n`],
    ['a comment within an event', (size) => `data: a\n: ${'x'.repeat(size - 12)}\n\n`],
    ['a comment', (size) => `: ${'x'.repeat(size - 3)}\n`],
  ];
  for (const [what, ofSize] of shapes) {
    const before = 'data: before\n\n: before\n';
    const waysToCut = (stream: Buffer) => [
      [stream],
      byteByByte(stream),
      ...Array.from({ length: stream.length - 1 }, (_, i) => cut(stream, i + 1)),
    ];
    test(`lets ${what} of just its size pass, however it is cut`, () => {
      for (const chunks of waysToCut(Buffer.from(before + ofSize(limit)))) {
        assert.ok(decodeChunks(chunks, { maxEventSizeBytes: limit }).sink.told.length > 1);
      }
    });
    test(`refuses ${what} of one byte more, however it is cut, and says where it began`, () => {
      for (const chunks of waysToCut(Buffer.from(before + ofSize(limit + 1)))) {
        const sink = new RecordingSink();
        const decoder = createDecoder(sink, { maxEventSizeBytes: limit });
        const push = () => {
          for (const chunk of chunks) decoder.push(chunk, 0);
        };
        assert.throws(push, {
          name: 'EventTooLargeError',
          code: 'EVENT_TOO_LARGE',
          limit,
          offset: before.length,
        });
        assert.deepEqual([sink.events.length, sink.comments[0]], [1, 'before']);
      }
    });
  }

  test('counts bytes, not characters', () => {
    assert.throws(
      () => decodeWhole(`data: ${'ż'.repeat(12)}\n\n`, { maxEventSizeBytes: 31 }),
      EventTooLargeError,
    );
    assert.equal(decodeWhole(`data: ${'ż'.repeat(12)}\n\n`, { maxEventSizeBytes: 32 }).sink.events.length, 1);
  });

  test('does not count the comments before an event', () => {
    const { sink } = decodeWhole(`${': keepalive\n'.repeat(10)}data: a\n\n`, { maxEventSizeBytes: 20 });
    assert.equal(sink.events[0]?.bytes, 129);
  });

  test('is not about the size of a chunk', () => {
    const { sink } = decodeWhole('data: a\n\n'.repeat(1000), { maxEventSizeBytes: 9 });
    assert.equal(sink.events.length, 1000);
  });

  for (const [what, begin, chunk] of [
    ['a line without end', 'data: ', 'x'.repeat(64 * 1024)],
    ['a comment without end', ': ', 'x'.repeat(64 * 1024)],
    ['data lines without end', '', `data: ${'x'.repeat(1017)}\n`.repeat(64)],
    ['data lines with CRLF without end', '', `data: ${'x'.repeat(1016)}\r\n`.repeat(64)],
    ['unknown fields without end', '', `unknown: ${'x'.repeat(1014)}\n`.repeat(64)],
  ] as const) {
    test(`is 16 MiB unless it is set: ${what} goes no further`, () => {
      const { pushes, error } = pushRepeatedly(chunk, 10_000, { begin });
      assert.ok(error instanceof EventTooLargeError);
      assert.equal(error.limit, 16 * MiB);
      assert.equal(error.offset, 0);
      assert.equal(pushes, begin === '' ? 256 : 255);
    });
  }

  test('bounds the memory that a line without end takes', () => {
    const before = memoryInUse();
    const { decoder, error } = pushRepeatedly('x'.repeat(1000), 1_000_000, { begin: 'data: ' });
    const grown = memoryInUse() - before;
    assert.ok(error instanceof EventTooLargeError);
    // The buffer doubles, so it may be twice as large as what it holds; 64 MiB or more would mean that it is not alone.
    assert.ok(grown < 48 * MiB, `${grown} bytes`);
    assert.ok(decoder.end().pendingBytes <= 16 * MiB);
  });
});

describe('a stream that goes on and on', () => {
  test('may be comments without a blank line, whatever the limit', () => {
    const before = memoryInUse();
    const { sink, decoder, error } = pushRepeatedly(': keepalive\n'.repeat(1000), 1000, {
      maxEventSizeBytes: 12,
    });
    assert.equal(error, undefined);
    assert.equal(sink.comments, 1_000_000);
    assert.equal(decoder.end().insideEvent, false);
    assert.ok(memoryInUse() - before < 2 * MiB);
  });

  test('may be comments with CRLF without a blank line', () => {
    const { sink, error } = pushRepeatedly(': keepalive\r\n'.repeat(1000), 100, { maxEventSizeBytes: 12 });
    assert.equal(error, undefined);
    assert.equal(sink.comments, 100_000);
  });

  test('may be retry lines', () => {
    const before = memoryInUse();
    const { sink, error } = pushRepeatedly('retry: 1000\n'.repeat(1000), 1000);
    assert.equal(error, undefined);
    assert.equal(sink.retries, 1_000_000);
    assert.ok(memoryInUse() - before < 2 * MiB);
  });

  test('keeps nothing of the text around its last id', () => {
    const sink = new CountingSink();
    const before = memoryInUse();
    const chunk = Buffer.from(`id: a-long-enough-identifier\ndata: ${'x'.repeat(64 * 1024)}\n\n`);
    const decoders = Array.from({ length: 200 }, () => createDecoder(sink));
    for (const decoder of decoders) decoder.push(chunk, 0);
    const perStream = (memoryInUse() - before) / decoders.length;
    assert.equal(decoders[0]?.lastEventId, 'a-long-enough-identifier');
    assert.ok(perStream < 8 * 1024, `${perStream} bytes a stream`);
  });
});

describe('one huge line', () => {
  const CHUNK_BYTES = 16 * 1024;

  function millisecondsFor(lineBytes: number): number {
    const sink = new CountingSink();
    const decoder = createDecoder(sink, { maxEventSizeBytes: 200 * MiB });
    const chunk = Buffer.alloc(CHUNK_BYTES, 'x');
    const started = performance.now();
    decoder.push(Buffer.from('data:'), 0);
    for (let sent = 0; sent < lineBytes; sent += CHUNK_BYTES) decoder.push(chunk, sent);
    decoder.push(Buffer.from('\n\n'), 1);
    assert.equal(sink.lastDataLength, lineBytes);
    return performance.now() - started;
  }

  test('in small chunks takes time in proportion to its length', () => {
    millisecondsFor(8 * MiB);
    const small = Math.min(millisecondsFor(8 * MiB), millisecondsFor(8 * MiB));
    const large = millisecondsFor(104 * MiB);
    // 13 times as long; were each chunk to touch what is held, it would take 169 times as long.
    assert.ok(large < small * 13 * 4, `${small} ms for 8 MiB, ${large} ms for 104 MiB`);
  });
});
