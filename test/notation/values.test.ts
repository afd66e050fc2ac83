import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChoice, parseChoices } from '../../src/notation/choice.ts';
import { parseCount } from '../../src/notation/count.ts';
import { quoted } from '../../src/notation/invalid-value.ts';
import { nearestName } from '../../src/notation/nearest-name.ts';
import { parsePattern } from '../../src/notation/pattern.ts';
import { parseRate } from '../../src/notation/rate.ts';
import { parseSize } from '../../src/notation/size.ts';
import { assertInvalid } from './rejection.ts';

test('a size counts in units of 1,024 bytes', () => {
  assert.equal(parseSize('64KB'), 65_536);
  assert.equal(parseSize('16MB'), 16_777_216);
  assert.equal(parseSize('1.5MiB'), 1_572_864);
  assert.equal(parseSize('10k'), 10_240);
  assert.equal(parseSize('1gb'), 1_073_741_824);
});

test('a size without a unit is bytes', () => {
  assert.equal(parseSize('512'), 512);
  assert.equal(parseSize('512B'), 512);
});

test('what is no size, or outside the limits, is refused', () => {
  for (const text of ['', 'big', '-1KB', '1TB', '1 2KB']) {
    assertInvalid(() => parseSize(text), /is not a size\nWrite a number of bytes with a unit/);
  }
  assertInvalid(() => parseSize('0', { minBytes: 1 }), /too small: at least 1B/);
  assertInvalid(() => parseSize('1GB', { maxBytes: 256 * 1024 ** 2 }), /too large: at most 256MB/);
});

test('a count is a whole number', () => {
  assert.equal(parseCount('10'), 10);
  for (const text of ['', '1.5', 'ten', '1e3', '0x10', '99999999999999999999']) {
    assertInvalid(() => parseCount(text), /is not a whole number/);
  }
  assertInvalid(() => parseCount('0', 1), /too small: at least 1/);
  assertInvalid(() => parseCount('-3'), /too small: at least 0/);
});

test('a pattern that does not compile is refused with the reason, once', () => {
  assert.ok(parsePattern('^a.c$').test('abc'));
  assertInvalid(
    () => parsePattern('[DONE'),
    /^"\[DONE" is not a regular expression: Unterminated character class/,
  );
  assertInvalid(() => parsePattern('*'), /Nothing to repeat/);
});

test('a word that is none of the choices is refused with all of them', () => {
  assert.equal(parseChoice('raw', ['data', 'raw']), 'raw');
  assertInvalid(() => parseChoice('xml', ['data', 'raw']), /"xml" is not known\nWrite one of: data, raw/);
});

test('a list of choices counts each once', () => {
  assert.deepEqual(parseChoices('rel, iso,rel', ['rel', 'iso']), ['rel', 'iso']);
  assertInvalid(() => parseChoices('rel,', ['rel', 'iso']), /"" is not known/);
});

test('the nearest name is found where it is near enough to be meant', () => {
  assert.equal(nearestName('--fromat', ['--for', '--format', '--follow']), '--format');
  assert.equal(nearestName('--follows', ['--for', '--format', '--follow']), '--follow');
  assert.equal(nearestName('--banana', ['--for', '--format', '--follow']), undefined);
});

test('a quoted value stays on one line and does not fill the screen', () => {
  assert.equal(quoted('a\nb'), '"a\\nb"');
  assert.ok(quoted('x'.repeat(500)).length < 90);
});

test('a rate counts per second', () => {
  assert.equal(parseRate('100/s'), 100);
  assert.equal(parseRate('6000/m'), 100);
  assert.equal(parseRate('0.5/s'), 0.5);
});

test('what is no rate is refused', () => {
  for (const text of ['', '100', '/s', '-1/s', '100/d'])
    assertInvalid(() => parseRate(text), /is not a rate/);
  assertInvalid(() => parseRate('0/s'), /must be above zero/);
});
