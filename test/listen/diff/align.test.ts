import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { align } from '../../../src/listen/diff/align.ts';

function pairs(a: readonly number[], b: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  const whole = { a0: 0, a1: a.length, b0: 0, b1: b.length };
  align(Float64Array.from(a), Float64Array.from(b), whole, (i, j) => found.push([i, j]));
  return found.sort(([i], [j]) => i - j);
}

/** Length of the longest common subsequence, by the table that everybody can check. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const token of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(token === b[j - 1] ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function assertCommon(a: readonly number[], b: readonly number[], found: readonly [number, number][]): void {
  for (const [index, [i, j]] of found.entries()) {
    assert.equal(a[i], b[j]);
    const [beforeI, beforeJ] = found[index - 1] ?? [-1, -1];
    assert.ok(i > beforeI && j > beforeJ, `${beforeI}, ${beforeJ} before ${i}, ${j}`);
  }
}

const few = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 30 });
const unique = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });

describe('the alignment of two sequences', () => {
  test('of a sequence with itself pairs each with itself', () => {
    fc.assert(
      fc.property(few, (a) => {
        assert.deepEqual(
          pairs(a, a),
          a.map((_, at) => [at, at]),
        );
      }),
    );
  });

  test('is in order, pairs equals only, and leaves as little as possible', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const found = pairs(a, b);
        assertCommon(a, b, found);
        assert.equal(found.length, longest(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test('is the longest also for long ones without repeats', () => {
    fc.assert(
      fc.property(unique, unique, (a, b) => {
        const found = pairs(a, b);
        assertCommon(a, b, found);
        assert.equal(found.length, longest(a, b));
      }),
      { numRuns: 200 },
    );
  });

  test('pairs nothing with NaN', () => {
    assert.deepEqual(pairs([Number.NaN, 1], [Number.NaN, 1]), [[1, 1]]);
  });

  test('finds common ones among very many differences, without one that is unique', () => {
    const a = Array.from({ length: 20_000 }, (_, at) => (at * 7) % 5);
    const b = Array.from({ length: 20_000 }, (_, at) => (at * 11 + (at % 3)) % 5);
    const found = pairs(a, b);
    assertCommon(a, b, found);
    assert.ok(found.length > 5_000, `${found.length}`);
  });

  test('takes a moment for a million tokens, each unique', () => {
    const a = Array.from({ length: 1_000_000 }, (_, at) => at);
    const b = a.filter((at) => at % 10 !== 3);
    assert.equal(pairs(a, b).length, b.length);
  });
});
