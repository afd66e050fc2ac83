import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckResult } from '../../../src/results/check/result.ts';
import { aHeldBack, aPass, aResult } from '../../report/check/results.ts';

const statusOf = (changes: Partial<CheckResult>) => aResult(changes).verdict.status;
const missed = (...probes: string[]) => probes.map((probe) => ({ probe, why: 'no answer came' }));
const passes = ['bytes', 'reach', 'share', 'retry'].map(aPass);

describe('the verdict of a result', () => {
  it('counts what probes came to', () => {
    const results = [...passes, aHeldBack(), aHeldBack({ status: 'warn' })];
    const skipped = [
      ...missed('post'),
      { probe: 'h2', why: 'HTTP/1.1 is asked for', leftOut: true as const },
    ];
    assert.deepEqual(aResult({ results, skipped }).verdict, {
      ...{ status: 'fail', passed: 4, warned: 1, noted: 0, failed: 1 },
      ...{ notMeasured: 1, leftOut: 1 },
    });
    assert.equal(statusOf({ results: results.slice(5), skipped }), 'warn');
  });

  it('passes in part where more than a third could not be measured', () => {
    assert.equal(statusOf({ results: passes, skipped: missed('post', 'status') }), 'pass');
    assert.equal(statusOf({ results: passes, skipped: missed('post', 'status', 'encoding') }), 'partial');
  });

  for (const probe of ['timing', 'threshold', 'idle']) {
    it(`passes in part where ${probe} could not be measured, and wholly where it was left out`, () => {
      assert.equal(statusOf({ results: passes, skipped: missed(probe) }), 'partial');
      const skipped = missed(probe).map((each) => ({ ...each, leftOut: true as const }));
      assert.equal(statusOf({ results: passes, skipped }), 'pass');
    });
  }

  it('is unknown where nothing was measured, or the run was ended', () => {
    assert.equal(statusOf({ results: [] }), 'unknown');
    assert.equal(statusOf({ results: passes, interrupted: true }), 'unknown');
    assert.equal(statusOf({ results: [aHeldBack()], interrupted: true }), 'fail');
  });
});
