import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChunkFraming } from '../../src/client/chunk-framing.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

interface Chunk {
  /** The size as the server writes it: zeros before it, letters of either case, extensions behind it. */
  size: (length: number) => string;
  bytes: Buffer;
}

const sizes = fc
  .tuple(fc.nat(3), fc.boolean(), fc.constantFrom('', ';a', ';a=b; c="x;y"', ' '))
  .map(([zeros, upper, extension]) => (length: number) => {
    const hex = length.toString(16);
    return '0'.repeat(zeros) + (upper ? hex.toUpperCase() : hex) + extension;
  });
/** Bytes that look like framing, and others. */
const content = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '0', 'a', '5\r\n', '0\r\n\r\n', 'data: é', ''), {
    maxLength: 20,
  })
  .map((parts) => Buffer.from(parts.join('')))
  .filter((bytes) => bytes.length > 0);
const chunks: fc.Arbitrary<Chunk[]> = fc.array(fc.record({ size: sizes, bytes: content }), { maxLength: 12 });
const heads = fc.constantFrom(
  HEAD,
  `\r\n${HEAD}`,
  `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${HEAD}`,
  `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${HEAD}`,
);

function encode(head: string, body: readonly Chunk[], trailer: string): Buffer {
  return Buffer.concat([
    Buffer.from(head),
    ...body.flatMap(({ size, bytes }) => [
      Buffer.from(`${size(bytes.length)}\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);
}

function endsOf(body: readonly Chunk[]): number[] {
  let length = 0;
  return body.map(({ bytes }) => {
    length += bytes.length;
    return length;
  });
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = places.map((place) => place % bytes.length);
  const all = [...new Set([0, ...inside, bytes.length])].sort((a, b) => a - b);
  return all.slice(1).map((end, index) => bytes.subarray(all[index], end));
}

describe('chunk framing', () => {
  test('finds the ends of any chunks, however the answer is cut into reads', () => {
    const trailers = fc.constantFrom('', 'X-Sum: 1\r\n', '5\r\n');
    fc.assert(
      fc.property(heads, chunks, trailers, fc.array(fc.nat()), (head, body, trailer, places) => {
        const framing = new ChunkFraming();
        for (const read of cut(encode(head, body, trailer), places)) framing.push(read);
        const length = body.reduce((sum, { bytes }) => sum + bytes.length, 0);
        assert.deepEqual(framing.take(length), endsOf(body));
      }),
    );
  });

  test('tells an end with the byte that it follows, whatever the parser hands over at once', () => {
    fc.assert(
      fc.property(
        chunks,
        fc.array(fc.nat()),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (body, places, pieces) => {
          const answer = encode(HEAD, body, '');
          const framing = new ChunkFraming();
          const ends = endsOf(body);
          const found: number[] = [];
          let position = 0;
          /** Body bytes that lie before a place of the answer. */
          const bodyBytesBefore = (place: number): number => {
            let from = HEAD.length;
            let count = 0;
            for (const { size, bytes } of body) {
              from += size(bytes.length).length + 2;
              count += Math.max(0, Math.min(bytes.length, place - from));
              from += bytes.length + 2;
            }
            return count;
          };
          let read = 0;
          for (const bytes of cut(answer, places)) {
            framing.push(bytes);
            read += bytes.length;
            const here = bodyBytesBefore(read);
            while (position < here) {
              const length = Math.min(pieces.next().value ?? 1, here - position);
              for (const end of framing.take(length)) found.push(position + end);
              position += length;
              assert.deepEqual(
                found,
                ends.filter((end) => end <= position),
              );
            }
          }
          assert.deepEqual(found, ends);
        },
      ),
    );
  });

  test('says nothing more after bytes that are no chunk', () => {
    const framing = new ChunkFraming();
    framing.push(Buffer.from(`${HEAD}2\r\nab\r\nxyz\r\n2\r\ncd\r\n`));
    assert.deepEqual(framing.take(2), [2]);
    assert.deepEqual(framing.take(2), []);
  });

  test('takes no size that a number can not hold', () => {
    const framing = new ChunkFraming();
    framing.push(Buffer.from(`${HEAD}${'f'.repeat(20)}\r\nab`));
    assert.deepEqual(framing.take(2), []);
  });
});
