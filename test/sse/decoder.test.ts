import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDecoder } from '../../src/sse/decoder.ts';
import { NOTHING_PENDING } from '../../src/sse/sink.ts';
import { cut, decodeChunks, decodeWhole, RecordingSink } from './recording-sink.ts';
import { decodeByTheLetter } from './reference-decoder.ts';

/** Pushes text in reads at the given times and leaves the stream open. */
function pushed(...reads: readonly (readonly [text: string | Uint8Array, at: number])[]) {
  const sink = new RecordingSink();
  const decoder = createDecoder(sink);
  for (const [text, at] of reads) decoder.push(Buffer.from(text), at);
  return { sink, decoder };
}

describe('while the stream is open', () => {
  for (const stream of [
    'data: a\r\r',
    'data: a\r\n\r',
    'data: a\n\r',
    'data: a\n\n',
    'data: é\r\r',
    'id: 1\rdata: a\r\r',
  ]) {
    test(`an event leaves with its last byte: ${JSON.stringify(stream)}`, () => {
      assert.equal(pushed([stream, 1]).sink.events.length, 1);
      assert.equal(
        pushed(...Array.from(Buffer.from(stream), (byte) => [Uint8Array.of(byte), 1] as const)).sink.events
          .length,
        1,
      );
    });
  }

  test('an LF that follows the last CR of an event is part of it, not a blank line of its own', () => {
    const { sink, decoder } = pushed(['data: a\r\n\r', 1], ['\n', 2], ['data: b\r\n', 2], ['\r\n', 3]);
    assert.deepEqual(
      sink.events.map(({ data, bytes, reads }) => ({ data, bytes, reads })),
      [
        { data: 'a', bytes: 11, reads: 1 },
        { data: 'b', bytes: 11, reads: 2 },
      ],
    );
    assert.deepEqual(decoder.end(), NOTHING_PENDING);
  });

  test('a comment leaves with the end of its line', () => {
    assert.deepEqual(pushed([': keepalive\n', 1]).sink.comments, ['keepalive']);
    assert.deepEqual(pushed([': keep', 1], ['alive\r', 2]).sink.told, [
      { type: 'comment', text: 'keepalive', at: 2 },
    ]);
  });

  test('a retry leaves with the end of its line, before the event of its block', () => {
    const { sink } = pushed(['data: a\nretry: 7\n', 1], ['\n', 2]);
    assert.deepEqual(
      sink.told.map(({ type, at }) => ({ type, at })),
      [
        { type: 'retry', at: 1 },
        { type: 'event', at: 2 },
      ],
    );
  });

  test('records carry the time of the read that completed them', () => {
    const { sink } = pushed(['data: a\n', 1.5], ['\ndata: b\n\n: c', 2.5], ['\n', 3.5]);
    assert.deepEqual(
      sink.told.map(({ at }) => at),
      [2.5, 2.5, 3.5],
    );
  });
});

describe('the size of an event', () => {
  const sizes: readonly [what: string, stream: string | number[], bytes: readonly number[]][] = [
    ['counts its lines and the blank line', 'id: 1\ndata: a\n\n', [15]],
    ['counts CRLF as two bytes', 'id: 1\r\ndata: a\r\n\r\ndata: b\r\n\r\n', [18, 11]],
    ['counts CR as one byte', 'data: a\r\rdata: b\r\r', [9, 9]],
    ['counts characters as their UTF-8', 'data: é🐢\n\ndata: é🐢\r\n\r\n', [14, 16]],
    ['counts invalid bytes as they came', [...Buffer.from('data: '), 0xff, 0xe2, 0x82, 10, 10], [11]],
    ['leaves the byte order mark out', '\u{feff}data: a\n\n', [9]],
    ['counts the comments and unknown fields since the last blank line', ': c\nx: y\ndata: a\n\n', [18]],
    ['leaves out blocks without data', 'event: t\n\nid: 1\n\n: c\n\n\ndata: a\n\n', [9]],
    [
      'counts each of many events by itself',
      'data: a\n\ndata: bb\n\nevent: t\ndata: c\ndata: d\n\n',
      [9, 10, 26],
    ],
    ['is not misled by data that looks like a block', 'x: data: a\n\ndata: a\n\n', [9]],
    ['is not misled by blank lines that follow', 'data\ndata: x\n\n\n\ndata:x\n\n\n', [14, 8]],
    ['finds data in any line of the block', 'data: a\nevent: t\n\nx: data: b\n\ndata\nid: 1\n\n', [18, 12]],
  ];
  for (const [what, stream, bytes] of sizes) {
    test(what, () => {
      assert.deepEqual(
        decodeWhole(stream).sink.events.map((event) => event.bytes),
        bytes,
      );
    });
  }

  test('is the same for a long stream in chunks of any size', () => {
    const block = (i: number) =>
      i % 7 === 0
        ? `: ${i}\n\n`
        : `id: ${i}\nevent: update\ndata: ${'ż'.repeat(i % 3)}${'x'.repeat(i % 200)}\n\n`;
    const stream = Buffer.from(Array.from({ length: 3000 }, (_, i) => block(i)).join(''));
    const expected = decodeByTheLetter(stream).records.flatMap((record) =>
      record.type === 'event' ? record.bytes : [],
    );
    for (const size of [1000, 4096, 16_384, 65_536, stream.length]) {
      const offsets = Array.from({ length: Math.ceil(stream.length / size) - 1 }, (_, i) => (i + 1) * size);
      const { sink } = decodeChunks(cut(stream, ...offsets));
      assert.deepEqual(
        sink.events.map((event) => event.bytes),
        expected,
        `chunks of ${size}`,
      );
    }
  });
});

describe('the reads of an event', () => {
  const readsOf = (...reads: readonly (readonly [string, number])[]) =>
    pushed(...reads).sink.events.map((event) => event.reads);

  test('is one for each event of a read', () => {
    assert.deepEqual(readsOf(['data: a\n\ndata: b\n\ndata: c\r\n\r\n', 1]), [1, 1, 1]);
  });
  test('counts each read that brought some of it', () => {
    assert.deepEqual(readsOf(['data: a\n\nda', 1], ['ta: ', 2], ['b\n', 3], ['\ndata: c\n\n', 4]), [1, 4, 1]);
  });
  test('counts pushes of an equal time as one read', () => {
    assert.deepEqual(readsOf(['da', 1], ['ta: a', 1], ['\n', 2], ['\n', 2]), [2]);
  });
  test('counts a read that brought only the beginning of what might have been a byte order mark', () => {
    const { sink } = pushed([Uint8Array.of(0xef), 1], [Uint8Array.of(0xbb), 2], ['\ndata: a\n\n', 3]);
    assert.deepEqual(
      sink.events.map(({ bytes, reads }) => ({ bytes, reads })),
      [{ bytes: 12, reads: 3 }],
    );
  });
  test('leaves out the read of a byte order mark', () => {
    assert.deepEqual(
      pushed([Uint8Array.of(0xef, 0xbb), 1], [Uint8Array.of(0xbf), 2], ['data: a\n\n', 3]).sink.events[0]
        ?.reads,
      1,
    );
  });
});

describe('the last event id', () => {
  test('begins as the one that the stream was resumed with', () => {
    const { sink, lastEventId } = decodeWhole('data: a\n\n', { lastEventId: '41' });
    assert.equal(sink.events[0]?.lastEventId, '41');
    assert.equal(sink.events[0]?.id, undefined);
    assert.equal(lastEventId, '41');
  });
  test('of the resumed stream survives an unfinished block', () => {
    assert.equal(decodeWhole('id: 42\ndata: a\n', { lastEventId: '41' }).lastEventId, '41');
  });
  test('is told apart: none in the block, or an empty one', () => {
    const { sink } = decodeWhole('data: a\n\nid:\ndata: b\n\n', { lastEventId: '41' });
    assert.deepEqual(
      sink.events.map(({ id, lastEventId }) => ({ id, lastEventId })),
      [
        { id: undefined, lastEventId: '41' },
        { id: '', lastEventId: '' },
      ],
    );
  });
  test('moves with an id alone although the event before it is in the same read', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { sink, lastEventId } = decodeWhole(
        'data: a\n\nid: 1\n\ndata: b\n\n: c\nid: 2\n\n'.replaceAll('\n', end),
      );
      assert.deepEqual(
        sink.events.map((event) => event.lastEventId),
        ['', '1'],
      );
      assert.equal(lastEventId, '2');
    }
  });
  test('stays what it was when the text around it is large', () => {
    const id = 'an-id-that-is-longer-than-a-dozen-ż';
    const { sink, lastEventId } = decodeWhole(`id: ${id}\ndata: ${'x'.repeat(5000)}\n\ndata: b\n\n`);
    assert.equal(sink.events[1]?.lastEventId, id);
    assert.equal(lastEventId, id);
  });
});

describe('what is handed over', () => {
  test('is decoded from any view of bytes, and the bytes are not kept', () => {
    const sink = new RecordingSink();
    const decoder = createDecoder(sink);
    const shared = new Uint8Array(64);
    for (const piece of ['data: hel', 'lo\nid: ', '1\n', '\ndata: wo', 'rld\n\n']) {
      const view = shared.subarray(8, 8 + piece.length);
      view.set(Buffer.from(piece));
      decoder.push(view, 0);
      shared.fill(0x21);
    }
    assert.deepEqual(
      sink.events.map(({ data, lastEventId }) => ({ data, lastEventId })),
      [
        { data: 'hello', lastEventId: '1' },
        { data: 'world', lastEventId: '1' },
      ],
    );
  });
  test('may be nothing', () => {
    const { sink } = pushed(['data: a\n', 1], ['', 2], ['\n', 3]);
    assert.equal(sink.events[0]?.reads, 2);
  });
  test('an absurdly long retry is passed on as it is', () => {
    assert.deepEqual(decodeWhole(`retry: ${'9'.repeat(400)}\nretry: 99999999999\n`).sink.retries, [
      Infinity,
      99_999_999_999,
    ]);
  });
  test('streams that are decoded from within another stream do not disturb it', () => {
    const inner = new RecordingSink();
    const seen: string[] = [];
    const outer = createDecoder({
      event: ({ data }) => {
        seen.push(data);
        createDecoder(inner).push(Buffer.from('data: żółw\r\rid: 1\r\r'), 0);
      },
      comment: () => {},
      retry: () => {},
    });
    outer.push(Buffer.from('data: ż\r\n\r\nid: 7\r\n\r\ndata: b\r\n\r\nda'), 0);
    outer.push(Buffer.from('ta: c\r\n\r\n'), 0);
    assert.deepEqual(seen, ['ż', 'b', 'c']);
    assert.equal(inner.events.length, 3);
  });
});

describe('the end of a stream', () => {
  const ends: readonly [
    stream: string | number[],
    pendingBytes: number,
    insideEvent: boolean,
    losesEvent?: boolean,
  ][] = [
    ['', 0, false],
    ['data: a\n\n', 0, false],
    ['data: a\r\n\r\n', 0, false],
    ['data: a\r\n\r', 0, false],
    ['data: a\r\n', 9, true, true],
    ['data: a\r', 8, true, true],
    ['data: a', 7, true, true],
    ['data: a\n\nid: 1\n', 6, true, true],
    ['event: a\n', 9, true, true],
    ['event', 5, true, true],
    ['da', 2, true, true],
    ['dat:', 4, true],
    ['data: a\n\nretry: 5\n', 9, true],
    ['retry: 5', 8, true],
    ['unknown\n', 8, true],
    [': a\n', 4, false],
    ['data: a\n\n: a\n: b\r\n', 9, false],
    [': a', 3, true],
    [': a\ndata: b\n', 12, true, true],
    ['\u{feff}', 0, false],
    ['\u{feff}data', 4, true, true],
    [[0xef], 1, true],
    [[0xef, 0xbb], 2, true],
    [[0xef, 0xbb, 0x0a], 3, true],
  ];
  for (const [stream, pendingBytes, insideEvent, losesEvent = false] of ends) {
    const where = `${insideEvent ? 'inside' : 'after'} a block, ${losesEvent ? 'an event' : 'nothing'} lost`;
    test(`after ${JSON.stringify(stream)} is ${where}, ${pendingBytes} bytes pending`, () => {
      assert.deepEqual(decodeWhole(stream).end, { pendingBytes, insideEvent, losesEvent });
    });
  }
});
