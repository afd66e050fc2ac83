import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSpeed } from '../../src/notation/speed.ts';

describe('a speed', () => {
  test('is how many times as fast, or as fast as can be', () => {
    assert.deepEqual(['2', '0.5', '.5', '10x', ' 1 ', 'max', 'MAX'].map(parseSpeed), [
      2,
      0.5,
      0.5,
      10,
      1,
      Infinity,
      Infinity,
    ]);
  });

  test('is neither nothing nor anything else', () => {
    for (const text of ['', '0', '0.0x', '-1', 'fast', '1e3', 'Infinity', '2s', '0.0001', '2000000']) {
      assert.throws(() => parseSpeed(text), { name: 'InvalidValue', hint: /max waits for nothing/ }, text);
    }
  });
});
