import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { PrinterOptions } from '../../src/listen/printer.ts';
import type { WireBlock, WireLine } from '../../src/listen/wire/wire-block.ts';
import { createPrinter } from '../../src/report/create-printer.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { anAnswer, anEvent, eventAt, opened, pipe, somewhere, terminal } from './samples.ts';
import { aBlock, aBlockOf, aLine } from './wire-samples.ts';

/** What stands below the row of an event. */
async function below(options: PrinterOptions, wire: WireBlock): Promise<string[]> {
  const printer = await createPrinter('pretty', { ...options, wire: true });
  const { data = '' } = printer.event(anEvent(), eventAt(52.1, 12.1), wire);
  assert.ok(data.endsWith('\n'));
  return data.slice(0, -1).split('\n').slice(1);
}

async function block(options: PrinterOptions, wire: WireBlock): Promise<string[]> {
  const printer = await createPrinter('pretty', { ...options, wire: true });
  const { data = '' } = printer.block?.(wire, somewhere) ?? {};
  return data.slice(0, -1).split('\n');
}

const blank = (changes: Partial<WireLine> = {}) => aLine('', { kind: 'blank', ...changes });
const crlf = (text: string) => aLine(text, { end: 'crlf', sizeBytes: Buffer.byteLength(text) + 2 });

describe('the wire on a terminal', () => {
  test('stands below its event: lines with their offsets and endings', async () => {
    const lines = [crlf('event: a'), aLine('data: x', { end: 'cr' }), blank()];
    const chunks = { first: 3, count: 2 };
    assert.deepEqual(
      await below(terminal(80), aBlockOf(lines, { ends: 'mixed', reads: { first: 12, count: 3 }, chunks })),
      [
        '            19 bytes · 3 reads 12–14 · 2 chunks 3–4 · mixed line endings',
        '       100  event: a␍␊',
        '       110  data: x␍',
        '       118  ␊',
      ],
    );
  });

  test('marks where reads and chunks begin, inside lines and between them', async () => {
    const cuts = [
      { offset: 103, read: { number: 2, t: 60, sinceMs: 5.04 } },
      { offset: 108, read: { number: 3, t: 1_560, sinceMs: 1_500 }, chunk: 2 },
    ];
    assert.deepEqual((await below(terminal(80), aBlock({ cuts, cutCount: 2 }))).slice(1), [
      '       100  dat',
      '            ┄ read 2 +5ms',
      '       103  a: x␊',
      '            ┄ read 3 +1.5s · chunk 2',
      '       108  ␊',
    ]);
  });

  test('shows which bytes of a character, a line ending or a byte order mark a read brought', async () => {
    const lines = [
      aLine('data: é🚀x', { end: 'crlf', afterMark: true, sizeBytes: 18 }),
      blank({ end: 'crlf', sizeBytes: 2 }),
    ];
    const cutAt = [101, 110, 113, 117, 119];
    const cuts = cutAt.map((offset, index) => ({ offset, chunk: index + 2 }));
    assert.deepEqual((await below(terminal(80), aBlockOf(lines, { cuts, cutCount: 5 }))).slice(1), [
      '       100  \\xef',
      '            ┄ chunk 2',
      '       101  \\xbb\\xbfdata: \\xc3',
      '            ┄ chunk 3',
      '       110  \\xa9\\xf0\\x9f',
      '            ┄ chunk 4',
      '       113  \\x9a\\x80x␍',
      '            ┄ chunk 5',
      '       117  ␊  begins with a byte order mark',
      '       118  ␍',
      '            ┄ chunk 6',
      '       119  ␊',
    ]);
  });

  test('says what lines mean nothing', async () => {
    const lines = [
      aLine('foo: bar', { kind: 'unknown-field' }),
      aLine('retry: 1s', { kind: 'ignored-retry' }),
      aLine('id: a\0', { kind: 'ignored-id' }),
      aLine(Buffer.from('data: \xff', 'latin1'), { invalidUtf8: true }),
      aLine(': hi', { kind: 'comment' }),
    ];
    assert.deepEqual((await below(terminal(80), aBlockOf(lines))).slice(1), [
      '       100  foo: bar␊  unknown field: ignored',
      '       109  retry: 1s␊  not a whole number: ignored',
      '       119  id: a␀␊  holds U+0000: ignored',
      '       126  data: \ufffd␊  not UTF-8: read as U+FFFD',
      '       134  : hi␊',
    ]);
  });

  test('gives a note a row of its own where its line leaves no room', async () => {
    const line = aLine(`foo: ${'x'.repeat(55)}`, { kind: 'unknown-field' });
    assert.deepEqual((await below(terminal(80), aBlockOf([line]))).slice(1), [
      `       100  foo: ${'x'.repeat(55)}␊`,
      '            unknown field: ignored',
    ]);
  });

  test('folds a long line, and cuts one that is longer, with its true size', async () => {
    const rows = await below(terminal(80), aBlockOf([aLine(`data: ${'x'.repeat(90)}`), blank()]));
    assert.deepEqual(rows.slice(1), [
      `       100  data: ${'x'.repeat(61)}`,
      `            ${'x'.repeat(29)}␊`,
      '       197  ␊',
    ]);
    const long = aLine(`data: ${'x'.repeat(60_000)}`, { sizeBytes: 16_000_007, whole: false });
    const cut = await below(terminal(80), aBlockOf([long, blank()]));
    assert.equal(cut.length, 7);
    assert.deepEqual(cut.slice(-2), ['            … 16 MB in all ␊', '  16000107  ␊']);
  });

  test('tells the size of each part of a line that is too long to be kept', async () => {
    const long = aLine(`data: ${'x'.repeat(250)}`, { sizeBytes: 3_000, whole: false });
    const cuts = [200, 1_100, 2_100].map((offset, index) => ({ offset, chunk: index + 2 }));
    const rows = await below(terminal(200), aBlockOf([long], { cuts, cutCount: 3 }));
    assert.deepEqual(rows.slice(1), [
      `       100  data: ${'x'.repeat(94)}`,
      '            ┄ chunk 2',
      `       200  ${'x'.repeat(156)} … 900 B in all`,
      '            ┄ chunk 3',
      '      1100  … 1 KB in all',
      '            ┄ chunk 4',
      '      2100  … 1 KB in all ␊',
    ]);
  });

  test('shows no more of a block than is good to look at, and counts the rest', async () => {
    const lines = Array.from({ length: 1_000 }, () => aLine('data'));
    const rows = await below(terminal(80), aBlockOf(lines, { lineCount: 5_001 }));
    assert.equal(rows.length, 42);
    assert.equal(rows.at(-1), '            … 4,961 more lines');
  });

  test('tells of the LF that completes the line ending before', async () => {
    assert.deepEqual((await below(terminal(80), aBlock({ lateLf: 99 }))).slice(1, 3), [
      '        99  ␊  of the line ending before',
      '       100  data: x␊',
    ]);
  });

  test('never is wider than its terminal, nor drives it', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '宽', 'é', '🚀', '\x1b[2J', '\t', ' ', '\u202e', '\0'),
      maxLength: 200,
    });
    const columns = fc.integer({ min: 20, max: 200 });
    await fc.assert(
      fc.asyncProperty(text, columns, fc.array(fc.nat(300)), async (content, width, places) => {
        const line = aLine(`data: ${content}`, { kind: 'unknown-field' });
        const inside = [...new Set(places)]
          .sort((a, b) => a - b)
          .filter((place) => place > 0 && place < line.sizeBytes);
        const cuts = inside.map((place, index) => ({ offset: 100 + place, chunk: index + 2 }));
        for (const row of await below(
          terminal(width),
          aBlockOf([line, blank()], { cuts, cutCount: cuts.length }),
        )) {
          assert.ok(displayWidth(row) <= width, JSON.stringify(row));
          assert.doesNotMatch(row, /[\x00-\x1f\x7f-\x9f\u202e]/);
        }
      }),
    );
  });

  test('has colour without other characters', async () => {
    const wire = aBlock({ cuts: [{ offset: 103, chunk: 2 }], cutCount: 1, lateLf: 99 });
    const painted = await below(terminal(80, { colorData: true }), wire);
    assert.notDeepEqual(painted, await below(terminal(80), wire));
    assert.deepEqual(painted.map(stripVTControlCharacters), await below(terminal(80), wire));
  });

  test('says once what can not be seen on the connection', async () => {
    const printer = await createPrinter('pretty', terminal(80, { wire: true }));
    const log = (changes: Parameters<typeof anAnswer>[0]) =>
      printer.open(anAnswer(changes), opened).log ?? '';
    assert.match(log({ http: '2', framing: 'h2' }), /· HTTP\/2: where its frames begin is not known/);
    assert.match(log({ encoding: 'gzip' }), /· gzip: chunks hold encoded bytes/);
    assert.doesNotMatch(log({}), /·.*known|encoded/);
    assert.doesNotMatch(log({ framing: 'length', encoding: 'gzip' }), /encoded bytes/);
    assert.doesNotMatch(log({ status: 404, encoding: 'gzip' }), /encoded bytes/);
  });
});

describe('a block that makes no event', () => {
  const rows: [what: string, block: WireBlock, text: string][] = [
    ['has no data', aBlockOf([aLine('event: a'), blank()]), 'no data: nothing is dispatched'],
    [
      'is a comment',
      aBlockOf([aLine(': a', { kind: 'comment' }), blank()]),
      'a comment: nothing is dispatched',
    ],
    ['is a blank line', aBlockOf([blank()]), 'a blank line: nothing is dispatched'],
    [
      'sets an id',
      aBlockOf([aLine('id: 7'), blank()], { effect: { id: '7' } }),
      'sets the last event id to 7; no data: nothing is dispatched',
    ],
    [
      'takes the id away, and sets a wait',
      aBlockOf([aLine('id'), aLine('retry: 2500'), blank()], { effect: { id: '', retryMs: 2_500 } }),
      'sets the last event id to nothing; sets the wait to 2.5 s; no data: nothing is dispatched',
    ],
    [
      'is unfinished',
      aBlockOf([aLine('data: half', { end: undefined, sizeBytes: 10 })], { unfinished: true }),
      '10 bytes after the last blank line: discarded',
    ],
    [
      'is unfinished and holds a wait',
      aBlockOf([aLine('retry: 2500'), aLine('da', { end: undefined, sizeBytes: 2 })], {
        unfinished: true,
        effect: { retryMs: 2_500 },
      }),
      '14 bytes after the last blank line: discarded, but sets the wait to 2.5 s',
    ],
    [
      'is unfinished and a comment',
      aBlockOf([aLine(': a', { kind: 'comment' })], { unfinished: true }),
      '4 bytes after the last blank line: a comment',
    ],
  ];
  for (const [what, wire, text] of rows) {
    test(`says so where it ${what}`, async () => {
      const [first, second] = await block(pipe(), wire);
      assert.deepEqual(first, `–\t\t${text}`);
      assert.match(second ?? '', /^\t\t\d+ bytes? · read 1 · LF$/);
    });
  }

  test('stands in the columns of the events', async () => {
    const [first] = await block(terminal(80), aBlock());
    assert.equal(first, '  1.500s          –  no data: nothing is dispatched');
  });

  test('names an id of any length in few words, and harmless', async () => {
    const [first = ''] = await block(pipe(), aBlock({ effect: { id: `\x1b${'x'.repeat(5_000)}` } }));
    assert.ok(first.length < 300);
    assert.match(first, /id to ␛x+…;/);
  });
});

describe('the wire on a pipe', () => {
  test('has lines that begin with a tab, and cells between tabs', async () => {
    const lines = [crlf('data:\tx'), aLine('y', { kind: 'unknown-field' }), blank()];
    const cuts = [{ offset: 103, read: { number: 2, t: 60, sinceMs: 5 }, chunk: 2 }];
    assert.deepEqual(await below(pipe(), aBlockOf(lines, { cuts, cutCount: 1, lateLf: 99 })), [
      '\t\t12 bytes · read 1 · LF',
      '\t99\t␊\tof the line ending before',
      '\t100\tdat',
      '\t103\t┄ read 2 +5ms · chunk 2',
      '\t103\ta:␉x␍␊',
      '\t109\ty␊\tunknown field: ignored',
      '\t111\t␊',
    ]);
  });

  test('cuts a line of any length, with its true size', async () => {
    const long = aLine(`data: ${'x'.repeat(60_000)}`, { sizeBytes: 16_000_007, whole: false });
    const [, row = ''] = await below(pipe(), aBlockOf([long]));
    assert.ok(row.length < 1_100);
    assert.match(row, /x… 16 MB in all ␊$/);
  });
});
