import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CASES } from '../../src/mock/conformance/cases.ts';
import { type ConformanceRow, rowsOf } from '../../src/mock/conformance/result.ts';
import { conformanceText } from '../../src/report/conformance-text.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { loadPalette, plainPalette } from '../../src/report/palette.ts';
import { failed, noted, passed, resultOf, unmeasured } from './conformance-samples.ts';

const shown = (rows: readonly ConformanceRow[], columns?: number, more = {}) =>
  conformanceText(resultOf(rows, more), { columns, palette: plainPalette });

describe('the table of a conformance result', () => {
  test('has a line a requirement where there is room, its columns in line', () => {
    assert.equal(
      shown([passed, failed, noted, unmeasured], 200),
      [
        'Client conformance of library 2.0, node, with an adapter',
        '',
        'reconnect-end          reconnects when the stream has ended in order  PASS          came back after 1,004 ms, asked retry: 1000',
        'last-event-id-no-data  takes over an id that comes without data       FAIL          sent Last-Event-ID: "with-data", not "without-data"',
        'backoff                waits longer the more connections fail         note          waits of 202, 203, 202 and 202 ms: many such clients overload a server that is in trouble',
        'multi-line             joins data lines by LF                         not measured  needs an adapter, which reports events',
        '',
        'FAIL: 1 passed, 1 failed, 1 noted (the standard leaves it open), 1 not measured, in 19.4 s',
        '1 row failed: last-event-id-no-data',
        '',
      ].join('\n'),
    );
  });

  test('puts evidence under what it is for where there is not, at 80 columns', () => {
    assert.equal(
      shown([passed, noted], 80),
      [
        'Client conformance of library 2.0, node, with an adapter',
        '',
        'PASS          reconnects when the stream has ended in order',
        '              reconnect-end: came back after 1,004 ms, asked retry: 1000',
        'note          waits longer the more connections fail',
        '              backoff: waits of 202, 203, 202 and 202 ms: many such clients',
        '              overload a server that is in trouble',
        '',
        'PASS: 1 passed, 0 failed, 1 noted (the standard leaves it open), in 19.4 s',
        '',
      ].join('\n'),
    );
  });

  test('stays within the terminal, however wide, for every row of the suite', () => {
    const rows = CASES.flatMap((each) =>
      rowsOf(each, () => ({ outcome: 'fail', evidence: 'had data "日本 grüße", '.repeat(20) })),
    );
    for (const columns of [40, 80, 100, 129, 130, 131, 200]) {
      const lines = shown(rows, columns).split('\n');
      const widest = Math.max(...lines.map(displayWidth));
      assert.ok(widest <= columns, `${widest} of ${columns}`);
    }
  });

  test('folds nothing on a pipe', () => {
    const lines = shown([noted], undefined).split('\n');
    assert.ok(lines.some((line) => line.includes(noted.text) && line.endsWith(noted.evidence)));
  });

  test('says without an adapter how the rest is measured', () => {
    const text = shown([passed, unmeasured], 200, { evidence: 'wire' });
    assert.match(text, /without an adapter: by its requests alone/);
    assert.match(text, /An adapter of ten lines/);
    assert.doesNotMatch(shown([passed], 200, { evidence: 'wire' }), /ten lines/);
  });

  test('calls no run passed that did not come to its end, or measured nothing', () => {
    assert.match(shown([passed, unmeasured], 200, { ended: 'left' }), /UNFINISHED: .*the client went away/);
    assert.match(shown([passed, unmeasured], 200, { ended: 'stopped' }), /UNFINISHED: .*stopped before/);
    assert.match(shown([failed], 200, { ended: 'stopped' }), /^FAIL: /m);
    assert.match(shown([unmeasured], 200), /NOTHING MEASURED/);
  });

  test('shows what a client sent without letting it drive the terminal', () => {
    const hostile = { ...failed, evidence: 'asked /\u001b[2J\u009b\u202e' };
    const text = shown([hostile], 80, { client: { name: '\u001b]0;title\u0007', userAgent: 'a\u009bb' } });
    assert.doesNotMatch(text, /[\u001b\u009b\u202e\u0007]/);
    assert.match(text, /␛\[2J/);
  });

  test('paints verdicts', async () => {
    const palette = await loadPalette(true);
    const text = conformanceText(resultOf([passed, failed]), { columns: 200, palette });
    assert.match(text, /\u001b\[32mPASS/);
    assert.match(text, /\u001b\[31mFAIL/);
  });
});
