import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grows, networkErrors } from '../../../../src/mock/conformance/cases/network-errors.ts';
import { judge, observe, outcome } from '../observations.ts';

const waits = (...list: number[]) => observe([{}, ...list.map((after) => ({ after }))]);

describe('failing connections', () => {
  test('are tried again, each after the reconnection time at least', () => {
    const observed = waits(203, 204, 202, 206, 203);
    assert.equal(outcome(networkErrors, 'network-errors', observed), 'pass');
  });

  test('fail a client that tries again at once, at its first such attempt', () => {
    const verdict = judge(networkErrors, 'network-errors', waits(203, 1));
    assert.equal(verdict?.outcome, 'fail');
    assert.equal(verdict?.evidence, 'tried again after 1 ms, asked retry: 200');
  });

  test('fail a client that gives up', () => {
    const verdict = judge(networkErrors, 'network-errors', { ...waits(203, 204), over: true });
    assert.equal(verdict?.outcome, 'fail');
    assert.match(verdict?.evidence ?? '', /gave up after 2 failed attempts/);
  });

  test('measure nothing where the first stream was not come back from', () => {
    const observed = { ...waits(), over: true };
    assert.equal(outcome(networkErrors, 'network-errors', observed), 'not-measured');
  });
});

describe('backing off', () => {
  test('is seen in waits that grow, and is no duty', () => {
    assert.equal(outcome(networkErrors, 'backoff', waits(203, 202, 405, 803, 1_602)), 'pass');
    assert.equal(outcome(networkErrors, 'backoff', waits(203, 202, 204, 203, 202)), 'note');
    assert.equal(outcome(networkErrors, 'backoff', waits(203, 202, 204)), 'undecided');
    assert.equal(outcome(networkErrors, 'backoff', { ...waits(203, 202), over: true }), 'not-measured');
  });

  test('is told from jitter and from a busy machine', () => {
    assert.equal(grows([200, 290, 210, 299]), false);
    assert.equal(grows([200, 205, 1_900, 210]), false);
    assert.equal(grows([203, 240, 390, 350]), false);
    assert.equal(grows([180, 350, 820, 1_300]), true);
    assert.equal(grows([200, 400, 400, 400]), true);
  });
});
