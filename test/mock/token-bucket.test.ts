import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TokenBucket } from '../../src/mock/token-bucket.ts';

describe('a token bucket', () => {
  it('lets a second’s worth through at once, then the rate', () => {
    const bucket = new TokenBucket(2, 1_000);
    const taken = [1_000, 1_000, 1_000, 1_499, 1_500, 1_500].map((now) => bucket.take(now) === 0);
    assert.deepEqual(taken, [true, true, false, false, true, false]);
  });

  it('lets one through at once where the rate is below one a second, and says how long to wait', () => {
    const bucket = new TokenBucket(0.1, 0);
    assert.equal(bucket.take(0), 0);
    assert.equal(bucket.take(0), 10_000);
    assert.equal(Math.round(bucket.take(4_000)), 6_000);
    assert.equal(bucket.take(10_000), 0);
  });

  it('saves up no more than a second’s worth', () => {
    const bucket = new TokenBucket(3, 0);
    const taken = [1, 2, 3, 4].map(() => bucket.take(3_600_000) === 0);
    assert.deepEqual(taken, [true, true, true, false]);
  });

  it('lets through whoever waits as long as it was told to, at any rate', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1_000, noNaN: true }),
        fc.array(fc.nat(2_000)),
        (rate, waits) => {
          let now = 0;
          const bucket = new TokenBucket(rate, now);
          for (const wait of waits) {
            now += wait;
            const told = bucket.take(now);
            if (told === 0) continue;
            now += told;
            assert.equal(bucket.take(now), 0);
          }
        },
      ),
    );
  });
});
