import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exitCodeOf, failingStatuses } from '../../src/checks/exit-code.ts';
import { aPass, aResult } from '../report/check/results.ts';

const usual = failingStatuses(false);
const strict = failingStatuses(true);
const warning = { ...aPass('share'), status: 'warn' as const };
const failure = { ...aPass('timing'), status: 'fail' as const };

it('is 0 where nothing is wrong, and 10 where something is', () => {
  assert.equal(exitCodeOf(aResult(), strict), 0);
  assert.equal(exitCodeOf(aResult({ results: [aPass('idle'), failure] }), usual), 10);
});

it('is 0 where nothing is wrong as far as it was measured', () => {
  const skipped = [{ probe: 'timing', why: 'no answer came' }];
  const partly = aResult({ results: [aPass('idle')], skipped });
  assert.equal(partly.verdict.status, 'partial');
  assert.equal(exitCodeOf(partly, strict), 0);
});

it('is 10 for a warning where the run is strict', () => {
  assert.equal(exitCodeOf(aResult({ results: [warning] }), usual), 0);
  assert.equal(exitCodeOf(aResult({ results: [warning] }), strict), 10);
});

it('is 0 for what harms only what an application may not do, also where the run is strict', () => {
  const note = { ...warning, onlyIf: 'only if the application sends 103 Early Hints' };
  const noted = aResult({ results: [aPass('timing'), note] });
  assert.equal(exitCodeOf(noted, strict), 0);
  const { status, warned } = noted.verdict;
  assert.deepEqual([status, warned, noted.verdict.noted], ['pass', 0, 1]);
  assert.equal(exitCodeOf(aResult({ results: [note, warning] }), strict), 10);
  assert.equal(exitCodeOf(aResult({ results: [{ ...failure, onlyIf: note.onlyIf }] }), usual), 10);
});

it('is 14 where nothing could be measured, and says first that the run was interrupted', () => {
  assert.equal(exitCodeOf(aResult({ results: [] }), usual), 14);
  assert.equal(exitCodeOf(aResult({ results: [failure], interrupted: true }), usual), 130);
  assert.equal(exitCodeOf(aResult({ interrupted: true }), usual, 'SIGTERM'), 143);
  assert.equal(exitCodeOf(aResult({ results: [failure], interrupted: true }), usual, 'max-time'), 28);
});
