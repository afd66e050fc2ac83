import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseThreshold } from '../../../src/bench/thresholds/parse-threshold.ts';
import { METRICS } from '../../../src/results/bench/metric.ts';

function metric(text: string) {
  const rule = parseThreshold(text);
  assert.ok(rule.kind === 'metric');
  const { metric: name, statistic, comparison, limit, unit } = rule;
  return [name, statistic, comparison, limit, unit];
}

function count(text: string) {
  const rule = parseThreshold(text);
  assert.ok(rule.kind === 'count');
  const { count: name, comparison, limit, unit, writtenIn } = rule;
  return writtenIn === 1 ? [name, comparison, limit, unit] : [name, comparison, limit, unit, writtenIn];
}

describe('a threshold', () => {
  test('is a metric with a statistic, a comparison and a time', () => {
    assert.deepEqual(metric('first_event p99 < 500ms'), [
      'time_to_first_event',
      { quantile: 0.99 },
      '<',
      500,
      'ms',
    ]);
    assert.deepEqual(metric(' gap max<=1.5s '), ['event_gap', 'max', '<=', 1.5, 's']);
    assert.deepEqual(metric('reconnect-time mean > 1m'), ['reconnect_time', 'mean', '>', 1, 'min']);
    assert.deepEqual(metric('start_delay min >= 0'), ['start_delay', 'min', '>=', 0, 'ms']);
  });

  test('keeps its text', () => {
    assert.equal(parseThreshold(' missing == 0 ').text, 'missing == 0');
  });

  test('takes every metric of a result by its name', () => {
    for (const { name } of METRICS) assert.equal(metric(`${name} p50 < 1s`)[0], name);
  });

  test('takes short names', () => {
    const names = ['headers', 'first_byte', 'first-event-from-planned'].map(
      (each) => metric(`${each} max < 1s`)[0],
    );
    assert.deepEqual(names, ['time_to_headers', 'time_to_first_byte', 'time_to_first_event_from_planned']);
  });

  test('takes percentiles with a point, without one, and in brackets', () => {
    const quantile = (written: string) => metric(`gap ${written} < 1s`)[1];
    assert.deepEqual(quantile('p5'), { quantile: 0.05 });
    assert.deepEqual(quantile('p50'), { quantile: 0.5 });
    assert.deepEqual(quantile('p99.9'), { quantile: 0.999 });
    assert.deepEqual(quantile('p999'), { quantile: 0.999 });
    assert.deepEqual(quantile('p9999'), { quantile: 0.9999 });
    assert.deepEqual(quantile('p990'), { quantile: 0.99 });
    assert.deepEqual(quantile('p10.1'), { quantile: 0.101 });
    assert.deepEqual(quantile('P(95)'), { quantile: 0.95 });
  });

  test('takes microseconds with either µ, or with u', () => {
    for (const unit of ['us', '\u00b5s', '\u03bcs']) {
      assert.deepEqual(metric(`start_delay p99 < 800${unit}`).slice(3), [800, 'us']);
    }
  });

  test('is a count or a rate, without a statistic', () => {
    assert.deepEqual(count('missing == 0'), ['missing', '==', 0, '']);
    assert.deepEqual(count('error_rate < 0.1%'), ['error_rate', '<', 0.1, '%']);
    assert.deepEqual(count('events_per_second > 6000/m'), ['events_per_second', '>', 100, '/s', 1 / 60]);
    assert.deepEqual(count('events-per-second>=250.5'), ['events_per_second', '>=', 250.5, '/s']);
    assert.deepEqual(count('bytes < 10 MB'), ['bytes', '<', 10 * 1024 ** 2, 'B', 1024 ** 2]);
    assert.deepEqual(count('bytes < 4096'), ['bytes', '<', 4096, 'B']);
    assert.deepEqual(count('goodput >= 99 %'), ['goodput', '>=', 99, '%']);
  });

  test('means the number of failed attempts without a statistic, and their duration with one', () => {
    assert.deepEqual(count('failed_attempts == 0'), ['failed_attempts_count', '==', 0, '']);
    assert.deepEqual(metric('failed_attempts max < 2s')[0], 'failed_attempts');
  });

  for (const [text, message, hint] of [
    ['', /position 1: the name of a metric is missing/, /For example/],
    ['<5', /position 1: a rule starts with a metric, not with "<5"/, /For example/],
    ['frist_event p99 < 1s', /position 1: there is no metric "frist_event"/, /Did you mean first_event\?/],
    [
      'first_event < 1s',
      /position 13: first_event has many values: which figure of them\?/,
      /p99, mean or max/,
    ],
    ['first_event p90th < 1s', /position 13: there is no statistic "p90th"/, /p50, p99/],
    ['first_event median < 1s', /position 13: "median" is not known here/, /Write p50/],
    ['first_event p100 < 1s', /position 13: "p100" is not known here/, /Write max/],
    ['first_event p00 < 1s', /there is no percentile "p00"/, /more than 0 and less than 100/],
    ['first_event p101 < 1s', /position 13: there is no percentile "p101"/, /a fraction has a point/],
    ['first_event p500 < 1s', /there is no percentile "p500"/, /p97\.5/],
    ['first_event p1000 < 1s', /there is no percentile "p1000"/, undefined],
    ['first_event p(100) < 1s', /there is no percentile "p\(100\)"/, undefined],
    ['first_event p99.999999 < 1s', /there is no percentile "p99\.999999"/, undefined],
    ['events_per_second > 1.2.3', /position 21: "1\.2\.3" is not a rate/, /100\/s/],
    ['first_event p99 = 1s', /position 17: expected one of .*, not "="/, /Equal is written ==/],
    ['first_event p99 == 1s', /position 17: a time is never exactly as long/, /Write < or <=/],
    ['first_event p99 < 500', /position 19: 500 needs a unit: write 500ms/, undefined],
    ['first_event p99 < 5h', /position 19: "5h" is not a time/, /Units are us, ms, s and m/],
    ['first_event p99 < fast', /position 19: expected a time with a unit, .* not "fast"/, undefined],
    ['first_event p99 <', /position 18: expected a time with a unit, .* and the rule ends here/, undefined],
    [
      'first_event p99 < 1s, gap p99 < 1s',
      /position 21: the rule is complete before ", gap/,
      /takes one rule/,
    ],
    ['missing max == 0', /position 9: missing is a count: it has no statistic/, /Write only: missing == 0/],
    ['error_rate p99 < 1%', /position 12: error_rate is a rate/, /error_rate < 0\.1%/],
    ['error_rate < 0.1', /position 14: 0\.1 needs a unit: write 0\.1%/, undefined],
    ['error_rate < 101%', /position 14: "101%" is too large/, undefined],
    [
      'failed_attempts < 2s',
      /position 19: "2s" is not a number/,
      /their duration is failed_attempts p99 < 2s/,
    ],
    ['missing == 0.5', /position 12: "0\.5" is not a whole number/, undefined],
    ['missing == x', /position 12: expected a number, not "x"/, /missing == 0/],
  ] as const) {
    test(`is refused with its place: ${text}`, () => {
      assert.throws(
        () => parseThreshold(text),
        (error: Error & { hint?: string }) => {
          assert.equal(error.name, 'InvalidValue');
          assert.match(error.message, message);
          if (hint !== undefined) assert.match(error.hint ?? '', hint);
          return true;
        },
      );
    });
  }
});
