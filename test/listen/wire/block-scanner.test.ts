import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BlockScanner, type ScannedBlock } from '../../../src/listen/wire/block-scanner.ts';
import type { WireBlock } from '../../../src/listen/wire/wire-block.ts';
import { createDecoder } from '../../../src/sse/decoder.ts';
import type { SseEvent } from '../../../src/sse/sink.ts';

/** Bytes of a read, at a time of its own unless it has the one before's; a bar is the end of a chunk. */
interface Read {
  text: string | Buffer;
  t?: number;
}

function scan(...reads: (Read | string)[]): ScannedBlock[] {
  const scanned: ScannedBlock[] = [];
  const scanner = new BlockScanner(false, (block) => scanned.push(block));
  reads.forEach((read, index) => {
    const { text, t = index * 10 } = typeof read === 'string' ? { text: read } : read;
    const bytes = Buffer.from(text);
    const ends: number[] = [];
    for (let bar = bytes.indexOf('|'); bar !== -1; bar = bytes.indexOf('|', bar + 1))
      ends.push(bar - ends.length);
    const body = Buffer.from(bytes.filter((byte) => byte !== 0x7c));
    scanner.arrived(body, t, ends);
    scanner.push(body, t);
  });
  scanner.end(reads.length * 10);
  return scanned;
}

const only = (scanned: readonly ScannedBlock[]): WireBlock => {
  assert.equal(scanned.length, 1);
  return (scanned[0] as ScannedBlock).block;
};

const linesOf = ({ lines }: WireBlock) => lines.map(({ offset, bytes, end }) => `${offset} ${bytes} ${end}`);
const kindsOf = ({ lines }: WireBlock) => lines.map(({ kind }) => kind);

describe('the blocks of a stream', () => {
  test('have their lines with places and endings', () => {
    const [first, second] = scan('event: a\r\ndata: b\r\n\r\n: c\ndata\n\n');
    assert.deepEqual(linesOf((first as ScannedBlock).block), [
      '0 event: a crlf',
      '10 data: b crlf',
      '19  crlf',
    ]);
    assert.equal(first?.block.ends, 'crlf');
    assert.deepEqual([second?.block.offset, second?.block.sizeBytes, second?.block.ends], [21, 10, 'lf']);
    assert.deepEqual(kindsOf((second as ScannedBlock).block), ['comment', 'field', 'blank']);
  });

  test('say what their lines are where they mean nothing', () => {
    const block = only(scan('retry: 1s\nretry:\nid: a\0b\nDATA: x\ndata : x\n data: x\n\ufeffdata\n\n'));
    assert.deepEqual(kindsOf(block), [
      'ignored-retry',
      'ignored-retry',
      'ignored-id',
      'unknown-field',
      'unknown-field',
      'unknown-field',
      'unknown-field',
      'blank',
    ]);
    assert.deepEqual(block.effect, {});
  });

  test('without data set ids and waits', () => {
    const [first, second] = scan('id: 1\nid:  2\nretry: 300\n\nid\n\n');
    assert.deepEqual([first?.isEvent, first?.block.effect], [false, { id: ' 2', retryMs: 300 }]);
    assert.deepEqual(second?.block.effect, { id: '' });
  });

  test('that the stream leaves unfinished set no id, and a wait where its line was whole', () => {
    const block = only(scan('id: 1\nretry: 300\ndata: x\nretry: 40'));
    assert.deepEqual([block.unfinished, block.effect], [true, { retryMs: 300 }]);
    assert.equal(block.lines.at(-1)?.end, undefined);
    assert.equal(block.sizeBytes, 34);
  });

  test('begin behind an LF that completes the line ending of the one before', () => {
    const [first, second] = scan('data: a\r\n\r', '\ndata: b\r', '\n\r', '\n');
    assert.deepEqual([first?.block.sizeBytes, first?.block.ends], [10, 'crlf']);
    assert.deepEqual([second?.block.offset, second?.block.lateLf, second?.block.ends], [11, 10, 'crlf']);
    assert.deepEqual(linesOf((second as ScannedBlock).block), ['11 data: b crlf', '20  cr']);
    assert.deepEqual(second?.block.reads, { first: 2, count: 2 });
  });

  test('may mix their line endings, or have none', () => {
    assert.equal(only(scan('data: a\r\n\n')).ends, 'mixed');
    assert.equal(only(scan('data: a\r\r')).ends, 'cr');
    assert.equal(only(scan('\r')).ends, 'cr');
    assert.equal(only(scan('data')).ends, 'none');
  });

  test('count the byte order mark to the first line', () => {
    const [line] = only(scan('\ufeffdata: a\n\n')).lines;
    assert.deepEqual([line?.afterMark, line?.bytes.toString(), line?.sizeBytes], [true, 'data: a', 11]);
    const [rest] = only(scan('\ufeffdata')).lines;
    assert.deepEqual([rest?.afterMark, rest?.bytes.toString(), rest?.sizeBytes], [true, 'data', 7]);
  });

  test('tell of bytes that are no UTF-8', () => {
    const text = Buffer.concat([Buffer.from('data: '), Buffer.from([0xff]), Buffer.from('\ndata: é\n\n')]);
    assert.deepEqual(
      only(scan({ text })).lines.map(({ invalidUtf8 }) => invalidUtf8),
      [true, false, false],
    );
  });

  test('keep no more of a long line, and of many lines, than there is room for', () => {
    const long = only(scan(`data: ${'x'.repeat(100_000)}\ndata: ${'y'.repeat(100_000)}\n\n`));
    assert.deepEqual(
      long.lines.map(({ bytes, sizeBytes, whole }) => [bytes.length, sizeBytes, whole]),
      [
        [65_536, 100_007, false],
        [0, 100_007, false],
        [0, 1, true],
      ],
    );
    assert.equal(long.sizeBytes, 200_015);
    assert.ok(long.lines.every(({ invalidUtf8 }) => !invalidUtf8));
    const many = only(scan(`${'data\n'.repeat(5_000)}\n`));
    assert.deepEqual([many.lines.length, many.lineCount, many.sizeBytes], [1_000, 5_001, 25_001]);
  });
});

describe('the places of reads and chunks in a block', () => {
  test('are told where they lie inside it', () => {
    const block = only(scan('dat', 'a: |a\n', '\n|'));
    assert.deepEqual(block.reads, { first: 1, count: 3 });
    assert.deepEqual(block.chunks, { first: 1, count: 2 });
    assert.deepEqual(block.cuts, [
      { offset: 3, read: { number: 2, t: 10, sinceMs: 10 } },
      { offset: 6, chunk: 2 },
      { offset: 8, read: { number: 3, t: 20, sinceMs: 10 } },
    ]);
  });

  test('are one where a read and a chunk begin together', () => {
    const block = only(scan('data|', ': a\n\n|'));
    assert.deepEqual(block.cuts, [{ offset: 4, read: { number: 2, t: 10, sinceMs: 10 }, chunk: 2 }]);
  });

  test('are none between blocks', () => {
    const [first, second, third] = scan('data: a\n\n|', 'data: b\n\n', '|data: c\n\n').map(
      ({ block }) => block,
    );
    assert.deepEqual(
      [first?.reads, first?.chunks],
      [
        { first: 1, count: 1 },
        { first: 1, count: 1 },
      ],
    );
    assert.deepEqual(
      [second?.reads, second?.chunks],
      [
        { first: 2, count: 1 },
        { first: 2, count: 1 },
      ],
    );
    assert.deepEqual(
      [third?.reads, third?.chunks],
      [
        { first: 3, count: 1 },
        { first: 3, count: 1 },
      ],
    );
    assert.deepEqual(
      [first, second, third].map((block) => block?.cutCount),
      [0, 0, 0],
    );
  });

  test('count a read once, whatever pieces it is handed over in', () => {
    const block = only(scan({ text: 'data', t: 5 }, { text: ': |a', t: 5 }, { text: '\n\n', t: 5 }));
    assert.deepEqual([block.reads, block.cuts], [{ first: 1, count: 1 }, [{ offset: 6, chunk: 2 }]]);
  });

  test('are counted beyond those that are kept', () => {
    const block = only(scan(...[...`data: ${'x'.repeat(2_000)}\n\n`].map((byte) => `${byte}|`)));
    assert.deepEqual([block.cuts.length, block.cutCount], [1_000, 2_007]);
    assert.deepEqual([block.reads.count, block.chunks?.count], [2_008, 2_008]);
  });

  test('are left out where nobody knows the chunks', () => {
    const scanned: ScannedBlock[] = [];
    const scanner = new BlockScanner(false, (block) => scanned.push(block));
    const bytes = Buffer.from('data: a\n\n');
    scanner.arrived(bytes, 1, undefined);
    scanner.push(bytes, 1);
    assert.deepEqual(Object.hasOwn(only(scanned), 'chunks'), false);
  });

  test('are counts per read where the body is encoded', () => {
    const scanned: ScannedBlock[] = [];
    const scanner = new BlockScanner(true, (block) => scanned.push(block));
    scanner.arrived(Buffer.alloc(10), 1, [10]);
    scanner.arrived(Buffer.alloc(8), 2, [3, 8]);
    scanner.arrived(Buffer.alloc(4), 3, []);
    // The first read brought a header alone; the third has come before the second is decoded.
    scanner.push(Buffer.from('data: a\n\ndata'), 2);
    scanner.push(Buffer.from(': b\n\n'), 3);
    const [first, second] = scanned.map(({ block }) => block);
    assert.deepEqual(
      [first?.reads, first?.readChunks],
      [
        { first: 2, count: 1 },
        { first: 2, count: 2 },
      ],
    );
    assert.deepEqual(
      [second?.reads, second?.readChunks],
      [
        { first: 2, count: 2 },
        { first: 2, count: 3 },
      ],
    );
    assert.equal(second?.chunks, undefined);
    assert.deepEqual(second?.cuts, [{ offset: 13, read: { number: 3, t: 3, sinceMs: 1 } }]);
  });
});

const bodies = fc
  .array(
    fc.constantFrom(
      'data: a\n',
      'data',
      'id: 1\n',
      'retry: 5\r\n',
      ': c\n',
      'x: y\r',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      '\ufeff',
      'é',
      '\r\n\r\n',
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join('')));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = places.filter((place) => place < bytes.length);
  const all = [...new Set([0, ...inside, bytes.length])].sort((a, b) => a - b);
  return all.slice(1).map((end, index) => bytes.subarray(all[index], end));
}

describe('any stream, however it is cut', () => {
  test('has one block with data for each event, in the reads that the decoder counts', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(200)), (body, places) => {
        const events: SseEvent[] = [];
        const decoder = createDecoder({ event: (event) => events.push(event), comment() {}, retry() {} });
        const blocks: WireBlock[] = [];
        const scanner = new BlockScanner(false, ({ block, isEvent }) => {
          if (isEvent) blocks.push(block);
        });
        cut(body, places).forEach((bytes, t) => {
          scanner.arrived(bytes, t, []);
          scanner.push(bytes, t);
          decoder.push(bytes, t);
          // At each moment, not only in the end: an event is told with its block.
          assert.equal(blocks.length, events.length);
        });
        blocks.forEach((block, index) => {
          const mark = block.lines[0]?.afterMark === true ? 3 : 0;
          // The decoder counts no byte order mark, and for a blank line what the line ending before it leads one to expect.
          const difference = (events[index]?.bytes ?? 0) + mark - block.sizeBytes;
          assert.ok(difference === 0 || Math.abs(difference) === 1);
          if (block.ends === 'lf') assert.equal(difference, 0);
          if (mark === 0) assert.equal(block.reads.count, events[index]?.reads);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('has all of its bytes in its blocks, and each cut where a read or chunk began', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(200)), fc.array(fc.nat(200)), (body, readPlaces, chunkPlaces) => {
        const blocks: WireBlock[] = [];
        const scanner = new BlockScanner(false, ({ block }) => blocks.push(block));
        const chunkStarts = cut(body, chunkPlaces).map((bytes) => bytes.byteOffset - body.byteOffset);
        const chunkEnds = [...chunkStarts.slice(1), body.length];
        const reads = cut(body, readPlaces);
        let position = 0;
        const readStarts = reads.map((bytes, t) => {
          const from = position;
          position += bytes.length;
          const ends = chunkEnds.filter((end) => end > from && end <= position).map((end) => end - from);
          scanner.arrived(bytes, t, ends);
          scanner.push(bytes, t);
          return from;
        });
        scanner.end(reads.length);
        let at = 0;
        for (const block of blocks) {
          if (block.lateLf !== undefined) {
            assert.equal(block.lateLf, at);
            at++;
          }
          assert.equal(block.offset, at);
          assert.equal(
            block.lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
            block.sizeBytes,
          );
          const end = at + block.sizeBytes;
          const inside = (places: readonly number[]) => places.filter((place) => place > at && place < end);
          const numberAt = (places: readonly number[], place: number) =>
            places.filter((start) => start <= place).length;
          assert.deepEqual(
            block.cuts.filter(({ read }) => read).map(({ offset }) => offset),
            inside(readStarts),
          );
          assert.deepEqual(
            block.cuts.filter(({ chunk }) => chunk).map(({ offset }) => offset),
            inside(chunkStarts),
          );
          for (const { offset, chunk, read } of block.cuts) {
            if (chunk !== undefined) assert.equal(chunk, numberAt(chunkStarts, offset));
            if (read !== undefined) assert.equal(read.number, numberAt(readStarts, offset));
          }
          assert.equal(block.chunks?.first, numberAt(chunkStarts, at));
          assert.equal(block.reads.first, numberAt(readStarts, at));
          at = end;
        }
        // The LF behind the last block belongs to it, and to no other.
        assert.ok(at === body.length || (at === body.length - 1 && body[at] === 0x0a));
      }),
      { numRuns: 500 },
    );
  });
});
