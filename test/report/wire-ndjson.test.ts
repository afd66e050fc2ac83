import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPrinter } from '../../src/report/create-printer.ts';
import { anEvent, eventAt, pipe, somewhere, terminal } from './samples.ts';
import { aBlock, aLine } from './wire-samples.ts';

const parse = (text: string | undefined) => JSON.parse(text ?? '') as Record<string, unknown>;

describe('NDJSON with the wire', () => {
  test('adds the bytes of an event to its record', async () => {
    const printer = await createPrinter('ndjson', pipe({ wire: true }));
    const { data } = printer.event(
      anEvent(),
      eventAt(52.1234567, 12),
      aBlock({
        reads: { first: 4, count: 2 },
        chunks: { first: 9, count: 3 },
        cuts: [
          { offset: 103, chunk: 10 },
          { offset: 106, read: { number: 5, t: 60.1234567, sinceMs: 8 }, chunk: 11 },
        ],
        cutCount: 2,
      }),
    );
    assert.match(data ?? '', /^\{"type":"event".*\}\n$/);
    assert.deepEqual(parse(data).wire, {
      offset: 100,
      bytes: 9,
      reads: 2,
      firstRead: 4,
      chunks: 3,
      firstChunk: 9,
      ends: 'lf',
      lines: [
        { offset: 100, text: 'data: x', end: 'lf' },
        { offset: 108, text: '', end: 'lf' },
      ],
      cuts: [
        { offset: 103, chunk: 10 },
        { offset: 106, read: 5, t: 60.123, chunk: 11 },
      ],
    });
  });

  test('leaves events alone whose bytes are not known', async () => {
    const printer = await createPrinter('ndjson', pipe({ wire: true }));
    const plain = await createPrinter('ndjson', pipe());
    assert.deepEqual(printer.event(anEvent(), eventAt(52, 12)), plain.event(anEvent(), eventAt(52, 12)));
  });

  test('has a record for a block without data, with what it does', async () => {
    const printer = await createPrinter('ndjson', pipe({ wire: true }));
    const record = parse(printer.block?.(aBlock({ effect: { id: '7', retryMs: Infinity } }), somewhere).data);
    const { type, conn, t, setsId, setsRetry, unfinished } = record;
    assert.deepEqual(
      { type, conn, t, setsId, setsRetry, unfinished },
      { type: 'block', conn: 1, t: 1500, setsId: '7', setsRetry: Number.MAX_VALUE, unfinished: undefined },
    );
  });

  test('says what is special about lines, and what of them is missing', async () => {
    const printer = await createPrinter('ndjson', pipe({ wire: true }));
    const lines = [
      aLine('id: é', { sizeBytes: 10, afterMark: true }),
      aLine('x: y', { kind: 'unknown-field', end: 'crlf', sizeBytes: 6 }),
      aLine(Buffer.from('data: \xc3', 'latin1'), { sizeBytes: 90_000, whole: false }),
      aLine(Buffer.from('data: \xff', 'latin1'), { invalidUtf8: true }),
      aLine('dat', { end: undefined, sizeBytes: 3 }),
    ];
    const block = aBlock({ lines, lineCount: 50, cutCount: 3, ends: 'mixed', lateLf: 99, unfinished: true });
    const record = parse(printer.block?.(block, somewhere).data);
    assert.deepEqual(record.lines, [
      { offset: 100, text: 'id: é', end: 'lf', bom: true },
      { offset: 100, text: 'x: y', end: 'crlf', kind: 'unknown-field' },
      { offset: 100, text: 'data: ', end: 'lf', bytes: 90_000 },
      { offset: 100, text: 'data: \ufffd', end: 'lf', invalidUtf8: true },
      { offset: 100, text: 'dat' },
    ]);
    assert.deepEqual(
      [record.lineCount, record.cutCount, record.ends, record.lateLf, record.unfinished],
      [50, 3, 'mixed', 99, true],
    );
  });

  test('counts the chunks of the reads where the body is encoded', async () => {
    const printer = await createPrinter('ndjson', pipe({ wire: true }));
    const record = parse(printer.block?.(aBlock({ readChunks: { first: 3, count: 2 } }), somewhere).data);
    assert.deepEqual([record.readChunks, record.firstReadChunk, record.chunks], [2, 3, undefined]);
  });

  test('is safe to show on a terminal, and stays the same value', async () => {
    const printer = await createPrinter('ndjson', terminal(80, { wire: true }));
    const lines = [aLine('data: \u009b2J\u202e')];
    const { data = '' } = printer.event(anEvent(), eventAt(52, 12), aBlock({ lines }));
    assert.doesNotMatch(data, /[\u0080-\u009f\u202e]/);
    const wire = parse(data).wire as { lines: { text: string }[] };
    assert.equal(wire.lines[0]?.text, 'data: \u009b2J\u202e');
  });
});
