import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jitteredMs } from '../../../src/bench/worker/jitter.ts';

describe('the jitter of a wait', () => {
  test('shortens what was our own to choose', () => {
    assert.equal(jitteredMs({ delayMs: 1_000, cause: 'base' }, undefined, 0.25), 750);
    assert.equal(jitteredMs({ delayMs: 4_000, cause: 'backoff' }, undefined, 1), 0);
  });

  test('never shortens what the server asked for', () => {
    assert.equal(jitteredMs({ delayMs: 2_000, cause: 'retry-after' }, undefined, 0.25), 2_500);
    assert.equal(jitteredMs({ delayMs: 2_000, cause: 'retry-after' }, 500, 0.25), 2_500);
    assert.equal(jitteredMs({ delayMs: 3_000, cause: 'base' }, 3_000, 0.5), 4_500);
  });

  test('takes a backoff down to what the server asked for at most', () => {
    assert.equal(jitteredMs({ delayMs: 5_000, cause: 'backoff' }, 3_000, 0.1), 4_500);
    assert.equal(jitteredMs({ delayMs: 5_000, cause: 'backoff' }, 3_000, 0.9), 3_000);
  });

  test('leaves a wait alone where nothing was drawn', () => {
    for (const cause of ['base', 'backoff', 'retry-after'] as const)
      assert.equal(jitteredMs({ delayMs: 1_000, cause }, 1_000, 0), 1_000);
  });
});
