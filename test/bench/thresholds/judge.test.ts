import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeThresholds } from '../../../src/bench/thresholds/judge.ts';
import type { Measured } from '../../../src/bench/thresholds/measured.ts';
import { parseThreshold } from '../../../src/bench/thresholds/parse-threshold.ts';
import { measured, upTo, values } from './figures.ts';

function judge(rule: string, seen: Measured, minSamples?: number) {
  const [result] = judgeThresholds([parseThreshold(rule)], seen, minSamples);
  assert.ok(result);
  return result;
}

describe('a threshold on a metric', () => {
  const thousand = values('event_gap', upTo(1000));

  test('is judged by its statistic, seen in the unit of the rule', () => {
    assert.deepEqual(judge('gap max <= 1s', thousand), { rule: 'gap max <= 1s', pass: true, seen: 1 });
    assert.deepEqual(judge('gap max < 1s', thousand), { rule: 'gap max < 1s', pass: false, seen: 1 });
    assert.equal(judge('gap mean < 501ms', thousand).seen, 500.5);
    assert.equal(judge('gap min > 999us', thousand).seen, 1000);
    assert.equal(judge('gap p50 < 501ms', thousand).pass, true);
    assert.equal(judge('gap p50 < 499ms', thousand).pass, false);
  });

  test('fails where too few samples support its percentile, unless fewer are asked for', () => {
    const few = values('event_gap', upTo(299));
    assert.deepEqual(judge('gap p99 < 1s', few), {
      rule: 'gap p99 < 1s',
      pass: false,
      seen: null,
      why: 'too few samples: 299 of the 300 that this percentile needs',
    });
    assert.equal(judge('gap p99 < 1s', few, 299).pass, true);
    assert.equal(judge('gap p99 < 1s', thousand, 1001).pass, false);
  });

  test('fails where nothing was measured', () => {
    const { pass, why } = judge('gap max < 1s', measured());
    assert.equal(pass, false);
    assert.equal(why, 'no event_gap was measured');
  });

  test('fails on the detection of cuts that were our own, however well all streams were held', () => {
    for (const outages of [0, 6]) {
      const { pass, seen, why } = judge('detect max < 1s', measured({ opened: 6, open: 6, outages }));
      assert.deepEqual([pass, seen], [false, null]);
      assert.match(why ?? '', /^no detect was measured: /);
    }
  });

  test('fails where every value was cut short: a server that never answers is not fast', () => {
    for (const statistic of ['mean', 'min', 'max', 'p50']) {
      const { pass, seen, why } = judge(
        `first_event ${statistic} < 5s`,
        values('time_to_first_event', [], [2000, 1999]),
        1,
      );
      assert.deepEqual([pass, seen], [false, null]);
      assert.equal(why, 'there is no whole value: 2 values were cut short, the longest after 2000 ms');
    }
  });

  test('fails by a value cut short that reached the limit, and says so', () => {
    const dead = values('event_gap', upTo(100), [8000]);
    assert.deepEqual(judge('gap max < 2s', dead), {
      rule: 'gap max < 2s',
      pass: false,
      seen: 8,
      why: 'at least that: a value was cut short, the longest after 8000 ms',
    });
    assert.equal(judge('gap max < 9s', dead).pass, true);
  });

  test('fails by a percentile that falls among values cut short once one of them reached the limit', () => {
    // More than one in a hundred outlasted every whole value.
    const many = (longest: number) => values('event_gap', upTo(300), [longest, ...Array(9).fill(301)]);
    assert.equal(judge('gap p99 < 2s', many(1999)).pass, true);
    const { pass, seen, why } = judge('gap p99 < 2s', many(2000));
    assert.deepEqual([pass, seen], [false, 0.3]);
    assert.equal(why, 'at least that: 10 values were cut short, the longest after 2000 ms');
  });

  test('fails by a maximum with a value that never came to its end, however short it was seen', () => {
    const { pass, seen, why } = judge('reconnect_time max < 10s', values('reconnect_time', [900], [], [20]));
    assert.deepEqual([pass, seen], [false, 0.9]);
    assert.equal(why, 'at least that: a value was cut short, the longest after 20 ms; it counts as endless');
  });

  test('fails by a percentile that falls among values that never came to their end', () => {
    // 296 of 300 is 98.7 %.
    const some = (lost: number) => values('event_gap', upTo(300 - lost), [], Array(lost).fill(1));
    assert.equal(judge('gap p99 < 1s', some(4), 1).pass, false);
    assert.match(judge('gap p99 < 1s', some(4), 1).why ?? '', /4 values were cut short.*; they count as/);
    const mixed = values('event_gap', upTo(10), [20, 30], [1]);
    assert.match(judge('gap max < 1s', mixed).why ?? '', /3 values were cut short.*; 1 of them counts as/);
    assert.equal(judge('gap p99 < 1s', some(2), 1).pass, true);
    assert.equal(judge('gap p90 < 1s', some(4)).pass, true);
  });

  test('that is no upper limit counts none of them', () => {
    const some = values('event_gap', upTo(300), [], [5000]);
    assert.equal(judge('gap max > 299ms', some).pass, true);
    assert.equal(judge('gap max > 5s', some).pass, false);
    assert.equal(judge('gap mean < 151ms', some).pass, true);
  });

  test('that asks for more holds only by values that are known to be more', () => {
    const some = values('event_gap', upTo(300), Array(10).fill(301));
    assert.equal(judge('gap p99 > 299ms', some).pass, true);
    assert.equal(judge('gap p99 > 300ms', some).pass, false);
  });
});

describe('a threshold on what outages come to', () => {
  const HELD = { opened: 5, open: 5 };

  test('holds where none was: an upper limit has nothing to break it', () => {
    for (const rule of ['reconnect_time max < 10s', 'outage p99 <= 1s', 'backoff mean < 3s']) {
      assert.deepEqual(judge(rule, measured(HELD)), {
        ...{ rule, pass: true, seen: null },
        why: 'no stream was interrupted',
      });
    }
    // They were connected in warm-up.
    assert.equal(judge('outage max < 1s', measured({ open: 5 })).pass, true);
  });

  for (const [title, rule, seen] of [
    ['for want of any other figure', 'gap max < 10s', measured(HELD)],
    ['where it asks for more', 'reconnect_time max > 1s', measured(HELD)],
    ['where streams were interrupted', 'backoff max < 1s', measured({ ...HELD, outages: 1 })],
    ['where a stream failed for good', 'outage max < 1s', measured({ ...HELD, failed: 1 })],
    ['where none was ever connected', 'outage max < 1s', measured({ open: 5, neverOpened: 5 })],
    ['where there was no stream', 'outage max < 1s', measured()],
    ['where none came back', 'outage max < 1s', values('outage', [], [], [30])],
  ] as const) {
    test(`fails ${title}`, () => {
      const { pass, seen: figure } = judge(rule, seen);
      assert.deepEqual([pass, figure], [false, null]);
    });
  }
});

describe('a threshold on a count', () => {
  test('is compared exactly', () => {
    const seen = measured({ failedAttempts: 1, attempts: 1000, events: 2500, outages: 3 });
    assert.deepEqual(judge('outages == 3', seen), { rule: 'outages == 3', pass: true, seen: 3 });
    assert.equal(judge('outages != 3', seen).pass, false);
    assert.equal(judge('failed_attempts <= 1', seen).pass, true);
    assert.deepEqual(judge('error_rate < 0.1%', seen), { rule: 'error_rate < 0.1%', pass: false, seen: 0.1 });
    assert.equal(judge('error_rate <= 0.1%', seen).pass, true);
    assert.equal(judge('events_per_second >= 250/s', seen).seen, 250);
  });

  test('is seen in the unit that its rule is written in', () => {
    const seen = measured({ bytes: 1536 * 1024, events: 25 });
    assert.deepEqual(judge('bytes<1MB', seen), { rule: 'bytes<1MB', pass: false, seen: 1.5 });
    assert.equal(judge('bytes < 2000 k', seen).seen, 1536);
    assert.equal(judge('bytes < 2000000', seen).seen, 1536 * 1024);
    assert.deepEqual(judge('events_per_second >= 150/m', seen), {
      ...{ rule: 'events_per_second >= 150/m', pass: true, seen: 150 },
    });
  });

  test('fails where an audit had nothing to look at', () => {
    const delivery = { received: 0, missing: 0, duplicated: 0, out_of_order: 0, replayed: 0 };
    const rules = ['missing == 0', 'duplicated == 0', 'out_of_order == 0', 'replayed < 5', 'partial == 0'];
    for (const rule of rules) {
      assert.deepEqual(judge(rule, measured({}, { delivery: { ...delivery, unreached: 5, partial: 0 } })), {
        ...{ rule, pass: false, seen: null },
        why: 'no event came that could be audited',
      });
    }
    assert.equal(judge('received >= 1', measured({}, { delivery })).seen, 0);
    assert.equal(judge('unreached < 3', measured({}, { delivery: { ...delivery, unreached: 5 } })).seen, 5);
    const none = measured({}, { delivery: { ...delivery, unreached: 0 } });
    assert.equal(judge('unreached == 0', none).pass, false);
    assert.equal(judge('missing == 0', measured({}, { delivery: { ...delivery, missing: 2 } })).seen, 2);
  });

  test('may be about delivery and goodput', () => {
    const delivery = { received: 990, missing: 10, duplicated: 0, out_of_order: 2, replayed: 0 };
    const seen = measured({}, { delivery, goodput: { good: 1, of: 8 } });
    assert.equal(judge('missing == 0', seen).seen, 10);
    assert.equal(judge('out_of_order <= 2', seen).pass, true);
    assert.equal(judge('delivery_rate >= 99%', seen).pass, true);
    assert.equal(judge('goodput > 12.5%', seen).seen, 12.5);
  });

  test('fails where there is nothing to divide by', () => {
    assert.deepEqual(judge('error_rate < 1%', measured()), {
      rule: 'error_rate < 1%',
      pass: false,
      seen: null,
      why: 'there was no attempt',
    });
    assert.equal(judge('missing == 0', measured()).pass, false);
  });
});
