import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Warning } from '../../src/client/records.ts';
import { DataPrinter } from '../../src/report/data.ts';
import { NdjsonPrinter } from '../../src/report/ndjson.ts';
import { plainPalette } from '../../src/report/palette.ts';
import { pipe, somewhere, terminal } from './samples.ts';

const finding: Warning = {
  code: 'unknown-field',
  severity: 'error',
  offset: 12_345,
  message: '"d\u001b[2Jta: 5": "dta" is no field; is "data" meant?',
  why: 'Fields other than data, event, id and retry are ignored (HTML §9.2.6).',
  mend: 'Write one of data, event, id, retry before the colon; put a colon first to make it a comment.',
};

describe('a finding in the log', () => {
  test('has its code, its place, what was seen, why it matters and what to do, within the terminal', () => {
    const printer = new DataPrinter(terminal(80), plainPalette);
    assert.equal(
      printer.warn(finding, somewhere).log,
      [
        '  1.500s  ✗ unknown-field (byte 12,345): "d␛[2Jta: 5": "dta" is no field; is',
        '            "data" meant?',
        '            why: Fields other than data, event, id and retry are ignored (HTML',
        '            §9.2.6).',
        '            mend: Write one of data, event, id, retry before the colon; put a',
        '            colon first to make it a comment.',
        '',
      ].join('\n'),
    );
  });

  test('is explained once for each code', () => {
    const printer = new DataPrinter(pipe(), plainPalette);
    printer.warn(finding, somewhere);
    const again = printer.warn({ ...finding, severity: 'warning', message: 'x' }, { t: 1, conn: 2 });
    assert.equal(again.log, '! unknown-field (connection 2, byte 12,345): x\n');
    const { offset: _offset, ...nowhere } = finding;
    const other = printer.warn({ ...nowhere, code: 'no-retry', severity: 'note', message: 'y' }, somewhere);
    assert.match(other.log ?? '', /^· no-retry: y\n {2}why: /);
  });

  test('is a record with everything in NDJSON', () => {
    const { data = '' } = new NdjsonPrinter(pipe()).warn(finding, somewhere);
    assert.deepEqual(JSON.parse(data), { type: 'warn', conn: 1, t: 1500, ...finding });
  });
});

describe('the findings of a run, in the closing text', () => {
  const textOf = (findings: Parameters<DataPrinter['sections']>[0]['findings'] = []) =>
    new DataPrinter(terminal(80), plainPalette).sections({ findings }).log;

  test('are a line a code, with how often and where first', () => {
    const text = textOf([
      { code: 'unknown-field', severity: 'error', count: 1200, message: '', offset: 18, conn: 1 },
      { code: 'silence', severity: 'warning', count: 2, message: '', conn: 3 },
      { code: 'no-retry', severity: 'note', count: 1, message: '', conn: 1 },
    ]);
    assert.equal(
      text,
      [
        '  findings  error    unknown-field  1,200×, the first at byte 18',
        '            warning  silence        2×, the first at connection 3',
        '            note     no-retry       1×',
        '',
      ].join('\n'),
    );
  });

  test('are said to be none where there are none, and not mentioned where nobody looked', () => {
    assert.equal(textOf(), '  findings  none\n');
    assert.equal(new DataPrinter(terminal(80), plainPalette).sections({}).log, '');
  });
});
