import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { PrinterOptions } from '../../src/listen/printer.ts';
import { createPrinter } from '../../src/report/create-printer.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import type { SseEvent } from '../../src/sse/sink.ts';
import { anEvent, eventAt, pipe, somewhere, terminal } from './samples.ts';

async function printed(options: PrinterOptions, ...events: Partial<SseEvent>[]): Promise<string[]> {
  const printer = await createPrinter('pretty', options);
  const text = events
    .map(
      (event, index) =>
        printer.event(anEvent(event), eventAt(52.1 + 250 * index, index === 0 ? 12.1 : 250)).data,
    )
    .join('');
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

describe('pretty on a terminal', () => {
  it('puts time, gap, name, id and data into columns', async () => {
    assert.deepEqual(
      await printed(
        terminal(80),
        { id: '7', data: '{"price":12.5}' },
        { id: '8', event: 'up', data: 'plain' },
        { event: 'update', data: '[DONE]' },
      ),
      [
        '  0.052s   +12ms  message  #7  {"price":12.5}',
        '  0.302s  +250ms  up       #8  plain',
        '  0.552s  +250ms  update       [DONE]',
      ],
    );
  });

  it('follows a terminal that is resized', async () => {
    let columns = 120;
    const printer = await createPrinter('pretty', terminal(80, { dataColumns: () => columns }));
    const show = () =>
      printer.event(anEvent({ event: 'a-name-of-some-length', id: '7', data: '12' }), eventAt(52, 12)).data;
    assert.equal(show(), '  0.052s   +12ms  a-name-of-some-length  #7  12\n');
    columns = 60;
    assert.equal(show(), '  0.052s   +12ms a-name-of-some-length #7  12\n');
    columns = 80;
    const short = printer.event(anEvent({ data: '12' }), eventAt(52, 12)).data;
    assert.equal(short, '  0.052s   +12ms  message  12\n');
  });

  it('has no id column while there are no ids', async () => {
    assert.deepEqual(await printed(terminal(80), { data: 'a' }), ['  0.052s   +12ms  message  a']);
  });

  it('folds data under its own column', async () => {
    const data = '{"id":8,"price":12.75,"symbol":"ACME","ok":true,"next":null,"tags":["a","b"]}';
    assert.deepEqual(await printed(terminal(80), { id: '8', data }), [
      '  0.052s   +12ms  message  #8  {"id":8,"price":12.75,"symbol":"ACME","ok":true,',
      '                               "next":null,"tags":["a","b"]}',
    ]);
  });

  it('aligns the lines of multi-line data and shows tabs as spaces', async () => {
    assert.deepEqual(await printed(terminal(80), { data: 'first\nsecond\n\tthird' }), [
      '  0.052s   +12ms  message  first',
      '                           second',
      '                               third',
    ]);
  });

  it('cuts long data and tells its true size', async () => {
    const data = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n');
    const lines = await printed(terminal(80), { data });
    assert.equal(lines.length, 11);
    assert.equal(lines.at(-2)?.trim(), 'line 9');
    assert.equal(lines.at(-1)?.trim(), '… 3.49 KB, 400 lines in all');
  });

  it('puts data below, or beside where it fits, when the terminal is narrow', async () => {
    assert.deepEqual(
      await printed(
        terminal(40),
        { id: '7', data: '{"id":7,"price":12.5,"symbol":"ACME"}' },
        { data: '[DONE]' },
      ),
      [
        '  0.052s   +12ms message #7',
        '    {"id":7,"price":12.5,',
        '    "symbol":"ACME"}',
        '  0.302s  +250ms message  [DONE]',
      ],
    );
  });

  it('lets a row with a very long id stand apart and keeps the columns of the others', async () => {
    const id = '550e8400-e29b-41d4-a716-446655440000';
    const lines = await printed(
      terminal(80),
      { data: 'short' },
      { event: 'response.output_text.delta', id, data: 'x'.repeat(60) },
      { data: 'short' },
    );
    assert.deepEqual(lines, [
      '  0.052s   +12ms  message  short',
      '  0.302s  +250ms response.output_text.delta #550e840…5440000',
      `    ${'x'.repeat(60)}`,
      '  0.552s  +250ms  message  short',
    ]);
  });

  it('shows the commands of a hostile stream instead of obeying them', async () => {
    const [line] = await printed(terminal(80), {
      event: 'a\x1b[2J',
      id: '\x9b1m',
      data: '\x1b]52;c;ZXZpbA==\x07 \u202egnp',
    });
    assert.equal(line, '  0.052s   +12ms  a␛[2J  #\\x9b1m  ␛]52;c;ZXZpbA==␇ \\u202egnp');
  });

  it('tells empty data from none, and an id that is reset', async () => {
    assert.deepEqual(await printed(terminal(80), { data: '', id: '' }), [
      '  0.052s   +12ms  message  #""  (empty)',
    ]);
  });

  it('shows the wall clock where asked', async () => {
    const [line] = await printed(terminal(80, { timestamps: ['iso'] }), { data: 'a' });
    assert.equal(line, '2026-01-01T00:00:00.052Z  message  a');
  });

  it('shows comments only where asked', async () => {
    const quiet = await createPrinter('pretty', terminal(80));
    assert.equal(quiet.comment('ping', somewhere).data, undefined);
    const printer = await createPrinter('pretty', terminal(80, { comments: true }));
    assert.equal(printer.comment('ping', somewhere).data, '  1.500s          :  ping\n');
  });

  it('colours JSON without changing a character, and closes every colour on its line', async () => {
    const data =
      '{"id":8,"text":"a \\"quoted\\" 日本語 text that goes on for a while","n":[1.5e3,null,true]}';
    const plain = await printed(terminal(60), { data });
    const colored = await printed(terminal(60, { colorData: true }), { data });
    assert.deepEqual(colored.map(stripVTControlCharacters), plain);
    assert.match(colored.join('\n'), /\x1b\[36m"id"\x1b\[39m/);
    for (const line of colored) {
      const opened = line.match(/\x1b\[(?:1|2|3[1-6])m/g)?.length ?? 0;
      const closed = line.match(/\x1b\[(?:22|39)m/g)?.length ?? 0;
      assert.equal(opened, closed);
    }
  });

  it('stays within the terminal, whatever comes', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', ',', '\n', '日', '🎉', 'e\u0301', '\x1b', '\t', '"', '{'),
    });
    const line = text.map((value) => value.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 200 }),
        text,
        line,
        line,
        async (columns, data, event, id) => {
          for (const times of [['rel', 'delta'], ['iso', 'rel', 'delta'], []] as const) {
            const lines = await printed(terminal(columns, { timestamps: times }), { data, event, id });
            for (const shown of lines) assert.ok(displayWidth(shown) <= columns, `${columns}: ${shown}`);
          }
        },
      ),
    );
  });
});

describe('pretty on a pipe', () => {
  it('prints one line an event with tabs between name, id and data', async () => {
    assert.deepEqual(await printed(pipe(), { id: '7', data: '{"a": 1}' }, { event: 'update', data: 'x' }), [
      'message\t7\t{"a": 1}',
      'update\t\tx',
    ]);
  });

  it('puts times first where asked', async () => {
    assert.deepEqual(await printed(pipe({ timestamps: ['rel', 'delta'] }), { data: 'x' }), [
      '0.052s\t+12ms\tmessage\t\tx',
    ]);
  });

  it('keeps the line whole when data has newlines, and columns when a name has tabs', async () => {
    assert.deepEqual(await printed(pipe(), { data: 'one\ntwo', event: 'a\tb' }), ['a\\tb\t\tone\\ntwo']);
  });

  it('lets other bytes through as they came', async () => {
    const [line] = await printed(pipe(), { data: '\x1b[31mred' });
    assert.equal(line, 'message\t\t\x1b[31mred');
  });
});
