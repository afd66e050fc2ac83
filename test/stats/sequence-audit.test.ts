import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { NumberSpans, timesInSpans } from '../../src/stats/number-spans.ts';
import { MOST_RANGES, SequenceAudit } from '../../src/stats/sequence-audit.ts';
import { SequenceTally } from '../../src/stats/sequence-tally.ts';

/** A number that came, or the loss of the connection. */
type Step = number | 'cut';

interface Counts {
  received: number;
  missing: number;
  duplicated: number;
  outOfOrder: number;
  replayed: number;
}

function audited(steps: readonly Step[], tally = new SequenceTally()): SequenceTally {
  const audit = new SequenceAudit(tally, 17);
  for (const step of steps) step === 'cut' ? audit.interrupted() : audit.event(step);
  audit.ended();
  return tally;
}

function countsOf({ received, missing, duplicated, outOfOrder, replayed }: SequenceTally): Counts {
  return { received, missing, duplicated, outOfOrder, replayed };
}

function assertCounts(steps: readonly Step[], expected: Partial<Counts>): void {
  const none = { received: 0, missing: 0, duplicated: 0, outOfOrder: 0, replayed: 0 };
  assert.deepEqual(countsOf(audited(steps)), { ...none, ...expected });
}

/** The definitions word for word, with every number kept. */
function countNaively(steps: readonly Step[]): Counts {
  const seen = new Set<number>();
  let connection = new Set<number>();
  let overlapping = false;
  const counts = { received: 0, missing: 0, duplicated: 0, outOfOrder: 0, replayed: 0 };
  const numbers = steps.filter((step) => step !== 'cut');
  for (const step of steps) {
    if (step === 'cut') {
      connection = new Set();
      overlapping = seen.size > 0;
      continue;
    }
    if (step > Math.max(-1, ...seen)) overlapping = false;
    if (!seen.has(step)) {
      counts.received += 1;
      if (step < Math.max(-1, ...connection)) counts.outOfOrder += 1;
    } else if (overlapping && !connection.has(step)) {
      counts.replayed += 1;
    } else {
      counts.duplicated += 1;
    }
    seen.add(step);
    connection.add(step);
  }
  for (let number = (numbers[0] ?? 0) + 1; number < Math.max(-1, ...seen); number += 1) {
    if (!seen.has(number)) counts.missing += 1;
  }
  return counts;
}

describe('the audit of a sequence', () => {
  test('has nothing to tell of numbers in order, wherever they begin', () => {
    assertCounts([1, 2, 3], { received: 3 });
    assertCounts([0], { received: 1 });
    assertCounts([900_000_000_000_000, 900_000_000_000_001], { received: 2 });
    assertCounts([], {});
  });

  test('counts what was left out, and takes it back when it comes late', () => {
    assertCounts([1, 2, 6], { received: 3, missing: 3 });
    assertCounts([1, 2, 6, 4], { received: 4, missing: 2, outOfOrder: 1 });
    assertCounts([1, 3, 2, 4], { received: 4, outOfOrder: 1 });
  });

  test('expects nothing before the first number', () => {
    assertCounts([2, 1, 3], { received: 3, outOfOrder: 1 });
    assertCounts([9, 1, 10], { received: 3, outOfOrder: 1 });
    assertCounts([9, 1, 10, 1, 9], { received: 3, outOfOrder: 1, duplicated: 2 });
  });

  test('expects nothing by numbers that came early', () => {
    const tally = new SequenceTally();
    const audit = new SequenceAudit(tally, 17);
    for (const early of [5, 8, 6, 6]) audit.early(early);
    assert.deepEqual(countsOf(tally), { received: 3, missing: 0, duplicated: 1, outOfOrder: 1, replayed: 0 });
    for (const number of [10, 13, 9, 7, 11]) audit.event(number);
    audit.ended();
    assert.deepEqual(countsOf(tally), { received: 8, missing: 1, duplicated: 1, outOfOrder: 4, replayed: 0 });
    const missing = tally.takeEvidence().filter(({ kind }) => kind === 'missing');
    assert.deepEqual(missing, [{ kind: 'missing', stream: 17, from: 12, to: 12, after: 11 }]);
    const none = new SequenceAudit(tally, 18);
    for (const early of [1, 4]) none.early(early);
    none.event(2);
    none.event(3);
    assert.equal(tally.missing, 1);
  });

  test('tells a replay after a reconnect from a repetition within a connection', () => {
    assertCounts([1, 2, 2, 3], { received: 3, duplicated: 1 });
    assertCounts([1, 2, 3, 'cut', 1, 2, 3, 4], { received: 4, replayed: 3 });
    assertCounts([1, 2, 'cut', 2, 2, 3, 2], { received: 3, replayed: 1, duplicated: 2 });
    assertCounts([1, 2, 3, 'cut', 3, 2, 4], { received: 4, replayed: 2 });
    assertCounts(['cut', 1, 1], { received: 1, duplicated: 1 });
  });

  test('takes what a replay brings that was missing neither for late nor for repeated', () => {
    assertCounts([1, 2, 5, 'cut', 3, 4, 5, 6], { received: 6, replayed: 1 });
  });

  test('counts what a resume skipped as missing', () => {
    assertCounts([1, 2, 'cut', 'cut', 6, 7], { received: 4, missing: 3 });
  });

  test('can be exact about drops, repetitions, swaps and a replay at once', () => {
    const steps: Step[] = [1, 2, 4, 5, 5, 7, 6, 8, 9, 10, 'cut', 8, 9, 10, 11, 12];
    assertCounts(steps, { received: 11, missing: 1, duplicated: 1, outOfOrder: 1, replayed: 3 });
  });

  test('counts as a model does that keeps every number', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 1, arbitrary: fc.constant('cut' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        assert.deepEqual(countsOf(audited(steps)), countNaively(steps));
      }),
      { numRuns: 1_000 },
    );
  });

  test('counts as the model does where streams go on mostly in order', () => {
    const fault = fc.tuple(fc.constantFrom('drop', 'repeat', 'swap', 'cut', 'none'), fc.nat(5));
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(fault, { maxLength: 60 }), (base, faults) => {
        const steps: Step[] = [];
        let next = base;
        for (const [kind, size] of faults) {
          if (kind === 'drop') next += size;
          else if (kind === 'repeat') steps.push(Math.max(base, next - size));
          else if (kind === 'swap') steps.push(next + 1, next);
          else if (kind === 'cut') steps.push('cut', Math.max(0, next - size));
          next += kind === 'swap' ? 2 : 0;
          steps.push(next++);
        }
        assert.deepEqual(countsOf(audited(steps)), countNaively(steps));
      }),
    );
  });

  test(`keeps ${MOST_RANGES} gaps; the oldest of more stays missing for good`, () => {
    const every = (count: number) => Array.from({ length: count }, (_, index) => 2 * index);
    // As many gaps as are kept, all filled again.
    const odd = every(MOST_RANGES).map((number) => number + 1);
    assertCounts([...every(MOST_RANGES + 1), ...odd], {
      received: 2 * MOST_RANGES + 1,
      outOfOrder: MOST_RANGES,
    });
    assertCounts([...every(MOST_RANGES + 2), ...odd, 2 * MOST_RANGES + 1], {
      received: 2 * MOST_RANGES + 2,
      missing: 1,
      duplicated: 1,
      outOfOrder: MOST_RANGES,
    });
  });

  test('shows ranges as evidence, a few of each kind', () => {
    const tally = audited([203, 207, 208, 208, 209, 'cut', 208, 209, 210, 212, 211]);
    assert.deepEqual(tally.takeEvidence(), [
      { kind: 'duplicated', stream: 17, from: 208, to: 208, after: 208 },
      { kind: 'replayed', stream: 17, from: 208, to: 209, after: 209 },
      { kind: 'out_of_order', stream: 17, from: 211, to: 211, after: 212 },
      { kind: 'missing', stream: 17, from: 204, to: 206, after: 203 },
    ]);
    const many = audited(Array.from({ length: 300 }, (_, index) => 3 * index));
    assert.equal(many.takeEvidence().length, 3);
    assert.deepEqual(many.takeEvidence(), []);
  });

  test('tells of numbers that begin anew after a reconnect: a loss among them would not show', () => {
    const tally = audited([500, 501, 'cut', 1, 2, 4]);
    assert.deepEqual(countsOf(tally), { received: 5, missing: 0, duplicated: 0, outOfOrder: 0, replayed: 0 });
    assert.deepEqual(tally.takeEvidence(), [{ kind: 'restarted', stream: 17, from: 1, to: 1, after: 501 }]);
  });

  test('knows which numbers are missing, and in how many streams', () => {
    const spans = new NumberSpans();
    const tally = new SequenceTally(spans);
    audited([1, 5], tally);
    audited([2, 5, 4], tally);
    const changes = spans.take();
    assert.equal(timesInSpans(changes, [2, 3, 4, 5]), 1 + 2 + 1);
    assert.equal(timesInSpans(changes, [3]), 2);
    assert.equal(spans.take().length, 0);
  });
});

describe('numbers in spans', () => {
  test('are counted as if each were, whatever the spans', () => {
    const span = fc.tuple(fc.nat(50), fc.nat(20), fc.integer({ min: -2, max: 3 }));
    fc.assert(
      fc.property(fc.array(span), fc.uniqueArray(fc.nat(80)), (added, numbers) => {
        const spans = new NumberSpans();
        for (const [from, length, times] of added) spans.add(from, from + length, times);
        const times = (number: number) =>
          added.reduce(
            (sum, [from, length, each]) => sum + (number >= from && number <= from + length ? each : 0),
            0,
          );
        assert.equal(
          timesInSpans(spans.take(), numbers),
          numbers.reduce((sum, number) => sum + times(number), 0),
        );
      }),
    );
  });
});
