import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram } from '../../src/stats/latency-histogram.ts';

function histogramOf(values: readonly number[], censored: readonly number[] = []): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  for (const value of censored) histogram.censor(value);
  return histogram;
}

function times(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

const durations = fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

describe('a latency histogram', () => {
  test('has a quantile only from as many samples as support it', () => {
    assert.deepEqual(histogramOf(times(299, 5)).quantile(0.99), { value: null, atLeast: false });
    assert.deepEqual(histogramOf(times(300, 5)).quantile(0.99), { value: 5, atLeast: false });
    assert.deepEqual(histogramOf([5]).quantile(0.99, 1), { value: 5, atLeast: false });
    assert.deepEqual(new LatencyHistogram().quantile(0.5, 0), { value: null, atLeast: false });
  });

  test('clamps what is below 0 or above an hour, counts it, and keeps the true maximum', () => {
    const histogram = histogramOf([-1, 4_000_000, 1]);
    assert.deepEqual([histogram.clipped, histogram.count, histogram.min], [2, 3, 0]);
    assert.equal(histogram.max, 4_000_000);
  });

  test('refuses NaN, which is a bug', () => {
    assert.throws(() => histogramOf([Number.NaN]), RangeError);
    assert.throws(() => histogramOf([], [Number.NaN]), RangeError);
  });

  test('has the quantiles of the samples to three digits', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (values, q) => {
        const sorted = values
          .map((value) => Math.round(value * 1000) / 1000)
          .sort((one, other) => one - other);
        const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
        const { value } = histogramOf(values).quantile(q, 1);
        assert.ok(Math.abs((value ?? -1) - exact) <= exact / 1000 + 0.001, `${value} is not ${exact}`);
      }),
    );
  });

  test('is the same whether recorded by one or merged of several', () => {
    fc.assert(
      fc.property(durations, durations, (values, cut) => {
        const whole = histogramOf(values, cut);
        const merged = new LatencyHistogram();
        const halves = [0, 1].map((half) =>
          histogramOf(
            values.filter((_, index) => index % 2 === half),
            cut.filter((_, index) => index % 2 === half),
          ),
        );
        for (const half of halves) merged.add(half.encode());
        const { sum, ...figures } = whole.encode();
        const { sum: mergedSum, ...mergedFigures } = merged.encode();
        assert.deepEqual(mergedFigures, figures);
        assert.ok(Math.abs(sum - mergedSum) < 1);
        assert.equal(merged.toBase64(), whole.toBase64());
        for (const q of [0.5, 0.9, 0.99]) assert.deepEqual(merged.quantile(q, 1), whole.quantile(q, 1));
      }),
      { numRuns: 50 },
    );
  });

  test('begins anew after a reset', () => {
    const histogram = histogramOf([1, 2], [3]);
    histogram.reset();
    assert.equal(histogram.empty, true);
    assert.deepEqual(histogram.encode(), new LatencyHistogram().encode());
  });
});

describe('values that were cut short', () => {
  test('are counted apart, with the longest of them', () => {
    assert.deepEqual(histogramOf([1], [7, 5]).censored, { count: 2, longest: 7, lost: 0 });
  });

  test('say nothing of a quantile that is longer than they were', () => {
    assert.deepEqual(histogramOf(times(300, 1_000), times(100, 400)).quantile(0.99), {
      value: 1_000,
      atLeast: false,
    });
  });

  test('that outlasted all whole ones make a quantile among them a lower bound', () => {
    const histogram = histogramOf(times(900, 1_000), times(100, 8_000));
    assert.deepEqual(histogram.quantile(0.5), { value: 1_000, atLeast: false });
    assert.deepEqual(histogram.quantile(0.99), { value: 1_000, atLeast: true });
  });

  test('support no quantile by themselves', () => {
    assert.deepEqual(histogramOf([], times(1_000, 5)).quantile(0.5), { value: null, atLeast: false });
  });

  test('that never came to their end count as infinite, however short they were seen', () => {
    const histogram = histogramOf(times(950, 100));
    for (let count = 0; count < 50; count += 1) histogram.lose(20);
    assert.deepEqual(histogram.censored, { count: 50, longest: 20, lost: 50 });
    assert.deepEqual(histogram.quantile(0.9), { value: 100, atLeast: false });
    assert.deepEqual(histogram.quantile(0.99), { value: 100, atLeast: true });
  });

  test('weigh for as long as they were seen', () => {
    // Of ten, four were seen to last 1 ms, two were left at 2 ms; of the four that went on, one lasted 3 ms.
    const histogram = histogramOf([1, 1, 1, 1, 3], [2, 2, 9, 9, 9]);
    // Beyond 3 ms: 6/10 of all, and of these 3/4: 45 %.
    assert.deepEqual(histogram.quantile(0.55, 1), { value: 3, atLeast: false });
    assert.deepEqual(histogram.quantile(0.56, 1), { value: 3, atLeast: true });
    assert.deepEqual(histogram.quantile(0.4, 1), { value: 1, atLeast: false });
  });
});
