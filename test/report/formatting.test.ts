import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDelta, formatDuration, formatElapsed } from '../../src/report/duration.ts';
import { jsonOnOneLine, parsesAsJson } from '../../src/report/json-text.ts';
import { counted, formatBytes, formatCount, formatRate } from '../../src/report/quantity.ts';

describe('durations', () => {
  it('say as much as three digits can', () => {
    const spoken: [number, string][] = [
      [0, '0 ms'],
      [0.44, '0.4 ms'],
      [9.96, '10 ms'],
      [999.4, '999 ms'],
      [999.6, '1 s'],
      [1250, '1.25 s'],
      [30_000, '30 s'],
      [59_960, '1m 00s'],
      [125_000, '2m 05s'],
      [3_599_700, '1h 00m'],
      [3_720_000, '1h 02m'],
      [3_600_000_000, '1000h 00m'],
      [1e26, 'more than 1000 h'],
      [Number.POSITIVE_INFINITY, 'for ever'],
    ];
    for (const [ms, text] of spoken) assert.equal(formatDuration(ms), text);
  });

  it('fit their columns for a day', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 86_400_000, noNaN: true }), (ms) => {
        assert.ok(formatDelta(ms).length <= 7, formatDelta(ms));
      }),
    );
    assert.equal(formatDelta(1e26), '+1000h00m');
    assert.equal(formatDelta(0), '+0');
    assert.equal(formatElapsed(52.14), '0.052s');
    assert.equal(formatElapsed(999_999), '999.999s');
  });
});

describe('quantities', () => {
  it('are counted in words and with separators', () => {
    assert.deepEqual(
      [1, 2, 1200].map((n) => counted(n, 'event')),
      ['1 event', '2 events', '1,200 events'],
    );
    assert.equal(formatCount(1_234_567), '1,234,567');
  });

  it('have the unit that keeps them short', () => {
    const sizes = { 0: '0 B', 999: '999 B', 12345: '12.3 KB', 999600: '1 MB', 4000000000: '4 GB' };
    for (const [bytes, text] of Object.entries(sizes)) assert.equal(formatBytes(Number(bytes)), text);
    assert.equal(formatRate(12, 3200), '3.75/s');
    assert.equal(formatRate(5_000_000, 1000), '5,000,000/s');
    assert.equal(formatRate(5, 0), '–');
  });
});

describe('recognising JSON', () => {
  it('agrees with JSON.parse', () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => ` ${json}\n`),
      fc.json().map((json) => json.slice(0, -1)),
      fc.constantFrom(
        '',
        ' ',
        '-',
        '01',
        '1.',
        '1e5',
        '-0',
        'nul',
        '{]',
        '"',
        '\u00a0{}',
        '\ufeff1',
        '\v1',
        '"a"b"',
      ),
    );
    fc.assert(
      fc.property(text, (value) => assert.equal(parsesAsJson(value), parses(value))),
      { numRuns: 2000 },
    );
  });

  it('takes no longer for white space without end', () => {
    const hostile = ` {${' '.repeat(2_000_000)}x`;
    const before = process.hrtime.bigint();
    assert.equal(parsesAsJson(hostile), false);
    assert.ok(process.hrtime.bigint() - before < 500_000_000n);
  });

  it('takes over JSON as it was written, on one line', () => {
    assert.equal(jsonOnOneLine('{\n"a":\r\n1.0}'), '{ "a":  1.0}');
    assert.equal(jsonOnOneLine('{'), undefined);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // What JSON.parse refuses is no JSON.
    return false;
  }
}
