import assert from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loopbackAddresses, sourceAddressOf } from '../../../src/bench/preflight/source-addresses.ts';

describe('automatic source addresses', () => {
  test('are different ones of 127.0.0.0/8, outside of 127.0.0.0/16, in every run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (count, run) => {
        const addresses = loopbackAddresses(count, run);
        assert.equal(new Set(addresses).size, count);
        for (const address of addresses) {
          assert.ok(isIPv4(address) && address.startsWith('127.') && !address.startsWith('127.0.'), address);
          assert.doesNotMatch(address, /\.(0|255)$/);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('differ between runs that follow each other', () => {
    const runs = Array.from({ length: 100 }, (_, run) => loopbackAddresses(20, 40_000 + run)).flat();
    assert.ok(new Set(runs).size > 1_990, `${new Set(runs).size} of 2,000`);
  });
});

describe('the source address of a stream', () => {
  test('and its URL come in every combination, equally often, on any number of either', () => {
    const few = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(few, few, (addresses, urls) => {
        const list = Array.from({ length: addresses }, (_, index) => `10.0.0.${index}`);
        const pairs = new Map<string, number>();
        for (let index = 0; index < addresses * urls * 3; index++) {
          const pair = `${index % urls} ${sourceAddressOf(list, index, urls)}`;
          pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
        }
        assert.equal(pairs.size, addresses * urls);
        assert.deepEqual([...new Set(pairs.values())], [3]);
      }),
    );
  });
});
