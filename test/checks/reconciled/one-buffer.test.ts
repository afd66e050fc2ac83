import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asOneBuffer } from '../../../src/checks/reconciled/one-buffer.ts';
import { found } from '../diagnosis/measured.ts';

describe('what waits for the end in a buffer', () => {
  test('waits for a size where more fills it, and says for which', () => {
    const small = found('timing', 'buffer.until-end', { bursts: 1 });
    const sized = found('threshold', 'buffer.threshold', { modalBurstBytes: 65_536 });
    const [timing, threshold] = asOneBuffer([small, sized]);
    assert.equal(timing?.fault, 'buffer.threshold');
    assert.deepEqual(timing?.evidence, [
      { k: 'bursts', v: 1 },
      { k: 'modalBurstBytes', v: 65_536 },
    ]);
    assert.deepEqual(threshold, sized);
  });

  test('waits for the end where no size is known', () => {
    const results = [found('timing', 'buffer.until-end'), found('threshold', 'buffer.until-end')];
    assert.deepEqual(asOneBuffer(results), results);
  });
});
