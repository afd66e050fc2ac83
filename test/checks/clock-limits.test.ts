import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clockSeen, limitedByClock } from '../../src/checks/clock-limits.ts';
import type { Origin } from '../../src/checks/origin/visit.ts';
import { PROBES } from '../../src/checks/probes/registry.ts';
import { found, passed } from './diagnosis/measured.ts';

const WALL_MS = 1.7e12;

function origin(uncertaintyMs: number, remote?: true): Origin {
  return {
    url: 'http://127.0.0.1:1/',
    ...(remote && { remote }),
    clock: { aheadMs: WALL_MS + 12.5, uncertaintyMs },
    sign: () => '',
    visits: async () => [],
    strays: async () => [],
    async close() {},
  };
}

describe('the clock of an origin on another machine', () => {
  test('is told by the time of day, and how far that may be off', () => {
    assert.deepEqual(clockSeen(origin(0.25, true), WALL_MS), { aheadMs: 12.5, uncertaintyMs: 0.25 });
  });

  test('is not told where there is one clock, or nobody had the time to compare them', () => {
    assert.equal(clockSeen(origin(0), WALL_MS), undefined);
    assert.equal(clockSeen(origin(Number.POSITIVE_INFINITY, true), WALL_MS), undefined);
  });

  test('limits what turns on times that it does not tell, and nothing else', () => {
    const results = [
      passed('timing'),
      found('headers-first', 'buffer.headers'),
      passed('client-gone'),
      passed('bytes'),
    ];
    const limited = (uncertaintyMs: number) =>
      limitedByClock(results, PROBES, { aheadMs: 0, uncertaintyMs })
        .filter((each) => each.limitedByClock)
        .map(({ probe }) => probe);
    assert.deepEqual(limited(0.3), []);
    assert.deepEqual(limited(30), ['timing']);
    assert.deepEqual(limited(60), ['timing', 'headers-first']);
    assert.deepEqual(limited(1_500), ['timing', 'headers-first', 'client-gone']);
    assert.deepEqual(limitedByClock(results, PROBES, undefined), results);
  });
});
