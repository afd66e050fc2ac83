import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AbortWatch } from '../../../src/bench/thresholds/abort-watch.ts';
import type { Measured } from '../../../src/bench/thresholds/measured.ts';
import { parseThreshold } from '../../../src/bench/thresholds/parse-threshold.ts';
import { measured, upTo, values } from './figures.ts';

/** In how many windows of the same figures the rule is lost; `undefined`: not in ten. */
function windowsUntilLost(rule: string, seen: Measured): number | undefined {
  const watch = new AbortWatch([parseThreshold(rule)]);
  return upTo(10).find(() => watch.window(seen) !== undefined);
}

const delivery = { received: 9, missing: 1, duplicated: 1, out_of_order: 1, replayed: 0 };

describe('a run that is given up for its thresholds', () => {
  for (const [rule, seen, windows] of [
    // For good, at once.
    ['failed == 0', measured({ failed: 1 }), 1],
    ['never-opened == 0', measured({ neverOpened: 1 }), 1],
    ['failed_attempts < 2', measured({ failedAttempts: 2 }), 1],
    ['duplicated == 0', measured({}, { delivery }), 1],
    ['gap max < 2s', values('event_gap', [2000]), 1],
    ['gap min >= 5ms', values('event_gap', [4]), 1],
    ['outage max < 10s', values('outage', [5], [], [5]), 1],
    // What may recover, after five windows.
    ['gap p99 < 100ms', values('event_gap', upTo(300)), 5],
    ['gap p50 > 200ms', values('event_gap', upTo(300)), 5],
    ['gap mean < 100ms', values('event_gap', upTo(300)), 5],
    ['error_rate < 1%', measured({ attempts: 10, failedAttempts: 1 }), 5],
    ['missing == 0', measured({}, { delivery }), 5],
    ['delivery_rate > 99%', measured({}, { delivery }), 5],
    ['goodput > 99%', measured({}, { goodput: { good: 1, of: 2 } }), 5],
    ['events_per_second < 10/s', measured({ events: 100 }), 5],
    // What still holds, may still come, or has no figure yet: never.
    ['failed == 0', measured(), undefined],
    ['gap max < 2s', values('event_gap', [1999]), undefined],
    ['events > 100', measured({ events: 1 }), undefined],
    ['events == 100', measured({ events: 1 }), undefined],
    ['events_per_second > 10/s', measured({ events: 1 }), undefined],
    ['open >= 10', measured(), undefined],
    ['open == 0', measured({ open: 3 }), undefined],
    ['gap max > 2s', values('event_gap', [1]), undefined],
    ['gap min < 2ms', values('event_gap', [5]), undefined],
    ['gap p99 < 100ms', values('event_gap', [200, 200]), undefined],
    ['error_rate < 1%', measured(), undefined],
    ['missing == 0', measured(), undefined],
    ['outage max < 10s', measured({ opened: 1 }), undefined],
  ] as const) {
    const when = windows === undefined ? 'never' : windows === 1 ? 'at once' : `after ${windows} windows`;
    test(`${rule} is lost ${when}`, () => assert.equal(windowsUntilLost(rule, seen), windows));
  }

  test('needs five windows in a row', () => {
    const watch = new AbortWatch([parseThreshold('error_rate < 1%')]);
    const bad = measured({ attempts: 10, failedAttempts: 1 });
    for (let window = 0; window < 4; window += 1) assert.equal(watch.window(bad), undefined);
    assert.equal(watch.window(measured({ attempts: 1000, failedAttempts: 1 })), undefined);
    for (let window = 0; window < 4; window += 1) assert.equal(watch.window(bad), undefined);
    assert.equal(watch.window(bad)?.text, 'error_rate < 1%');
  });

  test('says which rule it was', () => {
    const watch = new AbortWatch(['gap max < 2s', 'failed == 0'].map(parseThreshold));
    assert.equal(watch.window(measured({ failed: 1 }))?.text, 'failed == 0');
  });
});
