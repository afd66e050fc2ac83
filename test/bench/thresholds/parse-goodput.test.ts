import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseGoodput } from '../../../src/bench/thresholds/parse-goodput.ts';
import type { InvalidValue } from '../../../src/notation/invalid-value.ts';

describe('the rule of goodput', () => {
  test('is a list of limits', () => {
    assert.deepEqual(parseGoodput('first_event<200ms, gap <= 1s,start-delay<700us'), {
      text: 'first_event<200ms, gap <= 1s,start-delay<700us',
      limits: [
        { metric: 'time_to_first_event', comparison: '<', limitMs: 200 },
        { metric: 'event_gap', comparison: '<=', limitMs: 1000 },
        { metric: 'start_delay', comparison: '<', limitMs: 0.7 },
      ],
    });
  });

  for (const [text, message] of [
    ['', /position 1: the name of a metric is missing/],
    ['gap<1s,', /position 8: the name of a metric is missing/],
    ['gap>1s', /position 4: expected < or <=/],
    ['gap p99<1s', /position 5: every value of a stream counts/],
    ['gap<1s,event_gap<2s', /position 8: event_gap is limited twice/],
    ['missing<1', /position 1: missing is no duration of single streams/],
    ['gap<1s,delivery_latency<1s', /position 8: delivery_latency is no duration of single streams/],
    ['gap<1', /position 5: 1 needs a unit/],
    ['gap<1s first_event<2s', /position 8: expected a comma or the end of the rule/],
  ] as const) {
    test(`is refused with the place: ${text}`, () => {
      assert.throws(() => parseGoodput(text), { name: 'InvalidValue', message });
    });
  }

  for (const text of ['', 'foo<1s', '5<1s', 'missing<1', 'gap p99<1s', 'gap>1s']) {
    test(`is refused with an example that can be read: ${text}`, () => {
      assert.throws(
        () => parseGoodput(text),
        ({ hint }: InvalidValue) => {
          const [, example = ''] = /^For example: (.+)$/.exec(hint ?? '') ?? [];
          return parseGoodput(example).limits.length > 0;
        },
      );
    });
  }
});
