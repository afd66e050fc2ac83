import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeComment, encodeEvent } from '../../src/sse/encoder.ts';
import { byteByByte, cut, type Decoded, decodeChunks, decodeWhole } from './recording-sink.ts';
import { decodeByTheLetter, type ReferenceResult } from './reference-decoder.ts';

const LINES = [
  'data: x',
  'data:',
  'data',
  'data: żółw 🐢',
  `data: ${'long '.repeat(20)}`,
  'database: 1',
  'event: t',
  'event',
  'id: 1',
  'id: 22222222222222222222',
  'id',
  'id: a\0b',
  'id: ż',
  'retry: 12',
  'retry: x',
  ': comment',
  ':',
  'unknown',
  '',
  '',
  '',
];

/** Lines that mean something, pieces of lines, bytes that are not UTF-8, in streams of which most are well formed. */
function streams(...endings: readonly string[]): fc.Arbitrary<Buffer> {
  const ending = fc.constantFrom(...endings);
  const line = fc.tuple(fc.constantFrom(...LINES), ending).map(([text, end]) => Buffer.from(text + end));
  const oddPiece = fc.oneof(
    fc.constantFrom('data', 'id', ':', ' ', 'x', '\u{feff}', '\n', '\0').map((text) => Buffer.from(text)),
    fc
      .constantFrom([0xe2, 0x82], [0xff], [0xf0, 0x9f, 0x90], [0x80], [0xef, 0xbb])
      .map((piece) => Buffer.from(piece)),
  );
  const mark = fc.constantFrom('', '', '', '\u{feff}').map((text) => Buffer.from(text));
  return fc
    .tuple(
      mark,
      fc.array(fc.oneof({ weight: 12, arbitrary: line }, { weight: 1, arbitrary: oddPiece }), {
        maxLength: 40,
      }),
    )
    .map(([first, pieces]) => Buffer.concat([first, ...pieces]));
}

/** A stream and ascending offsets to cut it at. */
function cutStreams(...endings: readonly string[]) {
  return fc
    .tuple(streams(...endings), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }))
    .map(([stream, cuts]) => ({
      stream,
      offsets: cuts.map((at) => Math.floor(at * stream.length)).sort((a, b) => a - b),
    }));
}

function asReference({ sink, end, lastEventId }: Decoded): ReferenceResult {
  const records = sink.told.map((told): ReferenceResult['records'][number] => {
    if (told.type === 'event') {
      const { reads, ...event } = told.event;
      return { type: 'event', ...event };
    }
    return told.type === 'comment' ? { type: 'comment', text: told.text } : { type: 'retry', ms: told.ms };
  });
  return { records, end, lastEventId };
}

describe('the decoder', () => {
  for (const [what, endings] of [
    ['LF only', ['\n']],
    ['CRLF only', ['\r\n']],
    ['CR only', ['\r']],
    ['any mix of line endings', ['\n', '\n', '\r\n', '\r']],
  ] as const) {
    test(`agrees with the letter of the standard however a stream is cut: ${what}`, () => {
      fc.assert(
        fc.property(cutStreams(...endings), ({ stream, offsets }) => {
          const expected = decodeByTheLetter(stream);
          assert.deepEqual(asReference(decodeChunks([stream])), expected);
          assert.deepEqual(asReference(decodeChunks(cut(stream, ...offsets))), expected);
          assert.deepEqual(asReference(decodeChunks(byteByByte(stream))), expected);
        }),
        { numRuns: 500 },
      );
    });
  }

  test('agrees with the letter of the standard on bytes of any kind', () => {
    const anyByte = fc.oneof(
      fc.constantFrom(10, 10, 13, 58, 32, 0x64, 0x61, 0x74),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(anyByte, { maxLength: 60 }), fc.nat(60), (values, offset) => {
        const stream = Buffer.from(values);
        const expected = decodeByTheLetter(stream);
        assert.deepEqual(asReference(decodeChunks([stream])), expected);
        assert.deepEqual(asReference(decodeChunks(cut(stream, Math.min(offset, stream.length)))), expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('tells the same records the fast way and the exact way', () => {
    fc.assert(
      fc.property(streams('\n'), (stream) => {
        // A chunk larger than the limit goes the exact way, for any block in it might be too large.
        const limit = stream.length + 2;
        const chunk = Buffer.concat([stream, Buffer.from(`\n\n${':\n'.repeat(limit)}`)]);
        const fast = decodeChunks([chunk]);
        const exact = decodeChunks([chunk], { maxEventSizeBytes: limit });
        assert.deepEqual(exact.sink.told, fast.sink.told);
        assert.equal(exact.lastEventId, fast.lastEventId);
        assert.deepEqual(exact.end, fast.end);
      }),
      { numRuns: 500 },
    );
  });

  test('decodes what the encoder wrote', () => {
    const text = fc.string({ unit: 'binary' });
    const oneLine = text.map((value) => value.replace(/[\r\n\0]/g, ''));
    const event = fc.record({
      event: fc.option(oneLine, { nil: undefined }),
      id: fc.option(oneLine, { nil: undefined }),
      data: text,
      retry: fc.option(fc.maxSafeNat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(event), (sent) => {
        const { sink } = decodeWhole(sent.map(encodeEvent).join(''));
        assert.deepEqual(
          sink.events.map(({ event, id, data }) => ({ event, id, data })),
          sent.map(({ event, id, data }) => ({
            event: event || 'message',
            id,
            data: data.replace(/\r\n?/g, '\n'),
          })),
        );
        assert.deepEqual(
          sink.retries,
          sent.flatMap(({ retry }) => retry ?? []),
        );
      }),
    );
  });

  test('decodes comments that the encoder wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (comment) => {
        assert.deepEqual(decodeWhole(encodeComment(comment)).sink.comments, comment.split(/\r\n|\r|\n/));
      }),
    );
  });
});
