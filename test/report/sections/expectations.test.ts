import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainPalette } from '../../../src/report/palette.ts';
import { sectionsText } from '../../../src/report/sections-text.ts';

const expectations = [
  { rule: 'first-event<500ms', pass: false, seen: '731 ms', t: 731 },
  { rule: 'count>=1', pass: true, seen: '3 events', t: 800 },
  { rule: 'data ~ "x"', pass: false, undecided: true as const, seen: 'the last: "\x1b[2J\n"', t: 900 },
];

describe('the expectations in a closing text', () => {
  test('have a line each, with what became of them and what was seen', () => {
    assert.equal(
      sectionsText({ expectations }, plainPalette, undefined),
      [
        '  expect    first-event<500ms · FAIL · 731 ms',
        '            count>=1 · pass · 3 events',
        '            data ~ "x" · undecided · the last: "␛[2J␊"',
        '',
      ].join('\n'),
    );
  });

  test('are folded under themselves where the terminal is narrow', () => {
    assert.equal(
      sectionsText({ expectations: expectations.slice(0, 1) }, plainPalette, 40),
      '  expect    first-event<500ms · FAIL ·\n            731 ms\n',
    );
  });

  test('are nothing where none was asked for', () => {
    assert.equal(sectionsText({}, plainPalette, undefined), '');
  });
});
