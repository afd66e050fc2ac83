import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration, parseSeconds } from '../../src/notation/duration.ts';
import { assertInvalid } from './rejection.ts';

test('a duration is a number with a unit', () => {
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('2s'), 2000);
  assert.equal(parseDuration('1.5m'), 90_000);
  assert.equal(parseDuration('1h'), 3_600_000);
  assert.equal(parseDuration('.5s'), 500);
});

test('a bare number is refused, and the message says what to write', () => {
  assertInvalid(() => parseDuration('30'), /^"30" needs a unit: write 30s \(or 30ms, 30m\)/);
  assertInvalid(() => parseDuration('1.5'), /write 1.5s/);
});

test('zero needs no unit', () => assert.equal(parseDuration('0'), 0));

test('what is no duration is refused with examples', () => {
  for (const text of ['', 'soon', '5d', '1e3s', '2s2s', '--follow']) {
    assertInvalid(() => parseDuration(text), /250ms, 2s, 1.5m, 1h/);
  }
});

test('a negative duration is called negative', () => {
  assertInvalid(() => parseDuration('-2s'), /is negative/);
});

test('a duration that a timer can not hold is refused: it would fire at once', () => {
  assert.equal(parseDuration('596h'), 596 * 3_600_000);
  assertInvalid(() => parseDuration('600h'), /too long: at most 596h/);
});

test('limits of the flag are part of the message', () => {
  assertInvalid(() => parseDuration('0s', { minMs: 1 }), /too short: at least 1ms/);
  assertInvalid(() => parseDuration('2h', { maxMs: 3_600_000 }), /too long: at most 1h/);
});

test('in time flags of curl a bare number is seconds', () => {
  assert.equal(parseSeconds('30'), 30_000);
  assert.equal(parseSeconds('0.25'), 250);
  assert.equal(parseSeconds('0'), 0);
  assert.equal(parseSeconds('250ms'), 250);
});

test('in time flags of curl other text is still refused', () => {
  assertInvalid(() => parseSeconds('30 seconds'), /is not a duration/);
  assertInvalid(() => parseSeconds('-1'), /is negative/);
});

test('what is printed is read back as the same duration', () => {
  for (const ms of [0, 1, 250, 1000, 90_000, 3_600_000]) assert.equal(parseDuration(formatDuration(ms)), ms);
});
