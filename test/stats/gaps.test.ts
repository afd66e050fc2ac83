import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GapRecorder } from '../../src/stats/gaps.ts';
import { samplesFor } from '../../src/stats/quantiles.ts';

function recorded(gaps: Iterable<number>, censored: readonly number[] = []): GapRecorder {
  const recorder = new GapRecorder();
  for (const gap of gaps) recorder.record(gap);
  for (const gap of censored) recorder.censor(gap);
  return recorder;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('gaps', () => {
  it('are all zero where there were none', () => {
    assert.deepEqual(recorded([]).quantiles(), {
      count: 0,
      min: 0,
      mean: 0,
      p50: null,
      p99: null,
      max: 0,
      censored: { count: 0, longest: 0 },
    });
  });

  it('have a quantile only from as many samples as support it', () => {
    assert.deepEqual(
      [samplesFor(0.5), samplesFor(0.9), samplesFor(0.99), samplesFor(0.999)],
      [6, 30, 300, 3000],
    );
    assert.equal(recorded(upTo(5)).quantiles().p50, null);
    assert.equal(recorded(upTo(6)).quantiles().p50, 3);
    assert.equal(recorded(upTo(299)).quantiles().p99, null);
    assert.equal(recorded(upTo(300)).quantiles().p99, 297);
  });

  it('keep minimum, mean and true maximum', () => {
    const { count, min, mean, max } = recorded([3, 1, 8]).quantiles();
    assert.deepEqual({ count, min, mean, max }, { count: 3, min: 1, mean: 4, max: 8 });
  });

  it('are the same for times that differ by less than a clock can tell', () => {
    const exact = recorded([2.001, 2.002], [7.5]);
    const noisy = recorded([2.0010000000002, 2.0019999999998], [7.4999999999]);
    assert.deepEqual(noisy.quantiles(), exact.quantiles());
    assert.equal(exact.quantiles().mean, 2.0015);
  });

  it('are clamped to an hour and counted as clipped, with the true maximum kept', () => {
    const figures = recorded([-5, 10_000_000, 7]).quantiles();
    assert.deepEqual([figures.min, figures.max, figures.clipped], [0, 10_000_000, 2]);
    assert.equal(recorded([1]).quantiles().clipped, undefined);
  });

  it('refuse NaN, which is a bug', () => {
    assert.throws(() => new GapRecorder().record(Number.NaN), RangeError);
    assert.throws(() => new GapRecorder().censor(Number.NaN), RangeError);
  });

  it('stay within three digits when there are too many to keep', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4097, max: 9000 }), fc.integer({ min: 1, max: 400 }), (count, scale) => {
        const gaps = upTo(count).map((n) => (n * scale) / 10);
        const { p50, p99, max, mean } = recorded(gaps).quantiles();
        const close = (value: number | null, exact: number) =>
          assert.ok(
            value !== null && Math.abs(value - exact) <= exact / 1000 + 0.001,
            `${value} for ${exact}`,
          );
        close(p50, gaps[Math.ceil(count / 2) - 1] ?? 0);
        close(p99, gaps[Math.ceil(count * 0.99) - 1] ?? 0);
        close(mean, (((count + 1) / 2) * scale) / 10);
        assert.equal(max, gaps.at(-1));
      }),
      { numRuns: 20 },
    );
  });

  it('go on from where they were when asked in between', () => {
    const recorder = recorded(upTo(4000));
    assert.equal(recorder.quantiles().p50, 2000);
    for (const gap of upTo(4000)) recorder.record(gap);
    const { count, p50 } = recorder.quantiles();
    assert.equal(count, 8000);
    assert.ok(p50 !== null && Math.abs(p50 - 2000) <= 2);
  });
});

describe('gaps cut short', () => {
  it('are counted apart, with the longest of them', () => {
    const { count, max, censored } = recorded([5, 6], [30, 20]).quantiles();
    assert.deepEqual({ count, max, censored }, { count: 2, max: 6, censored: { count: 2, longest: 30 } });
  });

  it('rank behind every whole gap', () => {
    const { p50, p50AtLeast } = recorded(upTo(6), [0.1, 0.1]).quantiles();
    assert.equal(p50, 4);
    assert.equal(p50AtLeast, undefined);
  });

  it('make a quantile that falls among them a lower bound', () => {
    const dead = recorded(upTo(300), upTo(10)).quantiles();
    assert.equal(dead.p99, 300);
    assert.equal(dead.p99AtLeast, true);
    assert.equal(dead.p50AtLeast, undefined);
    assert.equal(recorded(upTo(400), [1]).quantiles().p99AtLeast, undefined);
  });

  it('support no quantile by themselves', () => {
    assert.equal(recorded([], upTo(1000)).quantiles().p99, null);
  });
});
