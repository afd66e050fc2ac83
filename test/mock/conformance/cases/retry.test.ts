import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { retry, retryDigits } from '../../../../src/mock/conformance/cases/retry.ts';
import { judge, observe, outcome } from '../observations.ts';

const waits = (...list: number[]) => observe([{}, ...list.map((after) => ({ after }))]);

describe('the reconnection time', () => {
  test('is taken over by a client that waits 150 ms where 150 is asked, and 1,500 where 1500 is', () => {
    const verdict = judge(retry, 'retry', waits(154, 152, 160, 1_504));
    assert.equal(verdict?.outcome, 'pass');
    assert.equal(verdict?.evidence, '152 ms where asked retry: 150, 1,504 ms where asked retry: 1500');
  });

  test('is undecided until the last wait is over', () => {
    assert.equal(outcome(retry, 'retry', waits(154, 152, 160)), 'undecided');
  });

  test('fails a client that comes back early, as soon as it does', () => {
    const verdict = judge(retry, 'retry', waits(20));
    assert.equal(verdict?.outcome, 'fail');
    assert.equal(verdict?.evidence, 'came back after 20 ms, asked retry: 150');
    assert.equal(outcome(retry, 'retry', waits(154, 152, 160, 1_000)), 'fail');
  });

  test('fails a client with any time of its own, however it compares to what is asked', () => {
    for (const own of [100, 500, 1_000, 1_499, 1_500, 3_000, 5_000]) {
      assert.equal(
        outcome(retry, 'retry', waits(own, own, own, own)),
        own === 1_499 ? 'pass' : 'fail',
        `${own}`,
      );
    }
  });

  test('passes on a machine so busy that most waits are late', () => {
    assert.equal(outcome(retry, 'retry', waits(2_000, 900, 4_000, 7_000)), 'pass');
  });

  test('allows for timers that fire a few milliseconds early', () => {
    assert.equal(outcome(retry, 'retry', waits(149, 145, 150, 1_490)), 'pass');
  });

  test('fails a client that comes back elsewhere and not here', () => {
    assert.equal(outcome(retry, 'retry', { ...waits(154), over: true }), 'fail');
    assert.equal(
      outcome(retry, 'retry', { ...waits(154), over: true, usualWaitMs: undefined }),
      'not-measured',
    );
  });
});

describe('a retry: with more than digits', () => {
  test('is ignored by who comes back at the time before it', () => {
    assert.equal(outcome(retryDigits, 'retry-digits', waits(104)), 'pass');
  });

  test('is given a second chance, as a busy machine may have made the wait so long', () => {
    assert.equal(outcome(retryDigits, 'retry-digits', waits(4_100)), 'undecided');
    assert.equal(outcome(retryDigits, 'retry-digits', waits(4_100, 104)), 'pass');
  });

  test('fails who took the digits in front for the whole', () => {
    const verdict = judge(retryDigits, 'retry-digits', waits(4_003, 4_004));
    assert.equal(verdict?.outcome, 'fail');
    assert.match(verdict?.evidence ?? '', /took retry: 4000x for 4000/);
  });

  test('proves nothing of who waits so long anyway', () => {
    assert.equal(
      outcome(retryDigits, 'retry-digits', { ...waits(5_003, 5_004), usualWaitMs: 5_000 }),
      'not-measured',
    );
  });
});
