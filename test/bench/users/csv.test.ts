import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { csvRows } from '../../../src/bench/users/csv.ts';

const fieldsOf = (text: string) => [...csvRows(text)].map(({ fields }) => fields);

describe('the rows of a CSV file', () => {
  test('are fields between commas, on lines that end with LF or CRLF', () => {
    assert.deepEqual(fieldsOf('id,name\n1,ann\r\n2,bob'), [
      ['id', 'name'],
      ['1', 'ann'],
      ['2', 'bob'],
    ]);
  });

  test('may have fields in quotes, with commas, quotes and line breaks in them', () => {
    assert.deepEqual(fieldsOf('"a,b","say ""hi""","two\nlines"\n'), [['a,b', 'say "hi"', 'two\nlines']]);
  });

  test('keep empty fields and white space, and leave out empty lines', () => {
    assert.deepEqual(fieldsOf('\n a ,,\n\n"",\r\n'), [
      [' a ', '', ''],
      ['', ''],
    ]);
  });

  test('begin behind a byte order mark', () => {
    assert.deepEqual(fieldsOf('\ufeffid\n1'), [['id'], ['1']]);
  });

  test('know their lines, behind fields of several lines too', () => {
    const lines = [...csvRows('a\n"x\ny\r\nz"\n\nb')].map(({ line }) => line);
    assert.deepEqual(lines, [1, 2, 6]);
  });

  for (const [text, message] of [
    ['a\n"b\nc', /^line 2: a field in quotes has no end/],
    ['a\nb"c', /^line 2: a quote stands beside other text/],
    ['"b"c', /^line 1: a quote stands beside other text/],
    ['a\rb', /^line 1: a carriage return stands without a line feed/],
  ] as const) {
    test(`are refused with their line: ${JSON.stringify(text)}`, () => {
      assert.throws(() => fieldsOf(text), { name: 'InvalidValue', message });
    });
  }

  test('are those that were written, whatever is in them', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é', '😀') });
    const row = fc.array(field, { minLength: 1, maxLength: 4 });
    const write = (rows: string[][]) =>
      rows.map((fields) => fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\r\n');
    fc.assert(
      fc.property(fc.array(row), (rows) => assert.deepEqual(fieldsOf(write(rows)), rows)),
      { numRuns: 200 },
    );
  });
});
