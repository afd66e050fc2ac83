import assert from 'node:assert/strict';
import { it } from 'node:test';
import { progressLine } from '../../../src/report/check/progress.ts';

it('tells on one line how many probes are done, what was found, and what runs', () => {
  const line = progressLine(3, () => 80);
  assert.equal(line.clear(), '');
  assert.equal(line.next('timing', 'running'), '\r\u001b[K0 of 3 · timing');
  assert.equal(line.next('idle', 'running'), '\r\u001b[K0 of 3 · timing, idle');
  assert.equal(line.next('timing', 'fail'), '\r\u001b[K1 of 3 · 1 found something · idle');
  assert.equal(line.next('h2', 'skipped'), '\r\u001b[K2 of 3 · 1 found something · idle');
  assert.equal(line.clear(), '\r\u001b[K');
});

it('is cut to the terminal', () => {
  assert.equal(progressLine(3, () => 12).next('headers-first', 'running'), '\r\u001b[K0 of 3 · h…');
});
