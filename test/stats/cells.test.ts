import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Cells, MAX_MICROSECONDS, upperEnd } from '../../src/stats/cells.ts';

const require = createRequire(import.meta.url);
const { build, decodeFromCompressedBase64 } =
  require('hdr-histogram-js') as typeof import('hdr-histogram-js');

const values = fc.array(fc.integer({ min: 0, max: MAX_MICROSECONDS }), { maxLength: 100 });

describe('cells', () => {
  test('are those of an HDR histogram, whoever counted in them', () => {
    fc.assert(
      fc.property(values, values, (recorded, added) => {
        const cells = new Cells();
        const others = new Cells();
        const library = build({ lowestDiscernibleValue: 1, highestTrackableValue: MAX_MICROSECONDS });
        for (const value of recorded) cells.record(value);
        for (const value of added) others.record(value);
        for (const value of [...recorded, ...added]) library.recordValue(value);
        cells.add(others.sparse());
        const read = decodeFromCompressedBase64(cells.toBase64());
        assert.equal(read.totalCount, library.totalCount);
        for (const percentile of [1, 50, 90, 99, 100]) {
          assert.equal(read.getValueAtPercentile(percentile), library.getValueAtPercentile(percentile));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('hold values to three digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_MICROSECONDS }), (value) => {
        const cells = new Cells();
        cells.record(value);
        const [index = -1, count] = cells.sparse();
        assert.equal(count, 1);
        assert.ok(upperEnd(index) >= value && upperEnd(index) <= value * 1.001 + 1);
      }),
    );
  });

  test('are empty after a reset', () => {
    const cells = new Cells();
    for (const value of [0, 5, MAX_MICROSECONDS]) cells.record(value);
    cells.reset();
    assert.equal(cells.sparse().length, 0);
    cells.record(7);
    assert.deepEqual([...cells.sparse()], [7, 1]);
  });
});
