import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redirect301, redirect307 } from '../../../../src/mock/conformance/cases/redirects.ts';
import { observe, outcome } from '../observations.ts';

describe('a redirect', () => {
  test('is followed to where it points, by its own mark', () => {
    const moved = observe([{}, { target: '/events?moved=301' }]);
    assert.equal(outcome(redirect301, 'redirect-301', moved), 'pass');
    assert.equal(outcome(redirect307, 'redirect-307', moved), 'fail');
  });

  test('fails who asks the same place again, or comes no more', () => {
    assert.equal(outcome(redirect301, 'redirect-301', observe([{}, {}])), 'fail');
    assert.equal(outcome(redirect301, 'redirect-301', observe([{}])), 'undecided');
    assert.equal(outcome(redirect301, 'redirect-301', observe([{}], { over: true })), 'fail');
    assert.equal(outcome(redirect301, 'redirect-301', observe([], { over: true })), 'not-measured');
  });
});
