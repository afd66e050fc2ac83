import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseByteRate } from '../../src/notation/byte-rate.ts';
import { parsePercentage } from '../../src/notation/percentage.ts';
import { assertInvalid } from './rejection.ts';

test('a percentage is a share of 1', () => {
  assert.equal(parsePercentage('1%'), 0.01);
  assert.equal(parsePercentage(' .5 % '), 0.005);
  assert.equal(parsePercentage('100%'), 1);
  for (const text of ['', '5', '%', '-1%', '1e1%']) {
    assertInvalid(() => parsePercentage(text), /is not a percentage\nWrite a number up to 100/);
  }
  assertInvalid(() => parsePercentage('101%'), /too large: at most 100%/);
});

test('a rate of bytes is a size per second, minute or hour', () => {
  assert.equal(parseByteRate('1KB/s'), 1024);
  assert.equal(parseByteRate('60 KB / m'), 1024);
  assert.equal(parseByteRate('3600B/h'), 1);
  for (const text of ['', '1KB', '/s', '1KB/d', '1KB/s/s']) {
    assertInvalid(() => parseByteRate(text), /is not a rate of bytes\nWrite a size per second/);
  }
  assertInvalid(() => parseByteRate('fast/s'), /"fast" is not a size/);
  assertInvalid(() => parseByteRate('0/s'), /too small: at least 1B/);
});
