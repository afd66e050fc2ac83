import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inRange, rangeText } from '../../../src/checks/fixes/version-range.ts';

describe('a range of versions', () => {
  test('holds from one version up to but without another', () => {
    const range = { from: '1.9', below: '1.29.7' };
    assert.deepEqual(
      ['1.8.2', '1.9', '1.9.0', '1.22.1', '1.29.6', '1.29.7', '2'].map((version) => inRange(version, range)),
      [false, true, true, true, true, false, false],
    );
  });

  test('compares numbers, not letters, and not what is behind them', () => {
    assert.equal(inRange('3.10', { from: '3.9' }), true);
    assert.equal(inRange('3.5-dev5', { below: '3.5' }), false);
  });

  test('may hold for a version that is not known', () => {
    assert.equal(inRange(undefined, { below: '1.0' }), true);
  });

  test('is told as one writes it', () => {
    assert.equal(rangeText({ below: '1.29.7' }), '< 1.29.7');
    assert.equal(rangeText({ from: '1.2', below: '1.4' }), '>= 1.2 and < 1.4');
    assert.equal(rangeText({}), '');
  });
});
