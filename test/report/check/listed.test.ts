import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedText } from '../../../src/report/check/listed.ts';

const FIGURES = ['events 15', 'median lag 0.4 ms', 'bursts 1'];

test('figures are side by side, and no line ends in one of them', () => {
  assert.equal(listedText(FIGURES, undefined), 'events 15 · median lag 0.4 ms · bursts 1');
  assert.equal(listedText(FIGURES, 80), 'events 15 · median lag 0.4 ms · bursts 1');
  assert.equal(listedText(FIGURES, 44), 'events 15 · median lag 0.4 ms ·\nbursts 1');
  assert.equal(listedText(FIGURES, 30), 'events 15 ·\nmedian lag 0.4 ms ·\nbursts 1');
  assert.equal(listedText([], 80), '');
});
