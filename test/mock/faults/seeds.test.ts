import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FaultKind } from '../../../src/mock/faults/kind.ts';
import { needsWhen, takenBy } from '../../../src/mock/faults/kind.ts';
import { FAULT_KINDS } from '../../../src/mock/faults/kinds.ts';
import type { TriggerKind } from '../../../src/mock/faults/trigger.ts';
import { InvalidValue } from '../../../src/notation/invalid-value.ts';
import { allOps, event, lineOf, show, written } from './told.ts';

const WHEN: Record<TriggerKind, fc.Arbitrary<string>> = {
  event: fc.integer({ min: 1, max: 30 }).map(String),
  byte: fc.integer({ min: 0, max: 400 }).map((offset) => `${offset}b`),
  time: fc.integer({ min: 1, max: 30 }).map((seconds) => `${seconds}s`),
  every: fc.integer({ min: 1, max: 9 }).map((n) => `every:${n}`),
  chance: fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
};

const kind = fc.constantFrom(...FAULT_KINDS);

function asWritten(fault: FaultKind): fc.Arbitrary<string> {
  // Its example is 20 MB, which is too much for hundreds of runs.
  const example = fault.name === 'oversize' ? '100B' : fault.value?.example;
  const value = example === undefined ? '' : `=${example}`;
  const places = takenBy(fault).map((each) => WHEN[each].map((when) => `@${when}`));
  const place = needsWhen(fault) ? fc.oneof(...places) : fc.oneof(fc.constant(''), ...places);
  return place.map((at) => `${fault.name}${value}${at}`);
}

const fault = kind.chain(asWritten);
const faults = fc.array(fault, { minLength: 1, maxLength: 6 });
const seed = fc.nat();

/** Undefined for faults that contradict each other. */
function run(texts: readonly string[], seed: number): string[] | undefined {
  try {
    const line = lineOf(texts, {}, seed);
    const head = { status: 200, headers: {}, delayMs: 0 };
    line.head(head);
    const timed = line.timed.map(({ afterMs, overtakes }) => `${afterMs} ${overtakes}`);
    return [JSON.stringify(head), ...timed, ...show(allOps(line, 20))];
  } catch (error) {
    if (error instanceof InvalidValue && /contradicts/.test(error.message)) return undefined;
    throw error;
  }
}

test('the same seed gives the same run, whatever the faults', () => {
  fc.assert(
    fc.property(faults, seed, (texts, seed) => {
      assert.deepEqual(run(texts, seed), run(texts, seed));
    }),
    { numRuns: 300 },
  );
});

test('a run has one ending at most, and nothing behind it', () => {
  fc.assert(
    fc.property(faults, seed, (texts, seed) => {
      const ops = run(texts, seed) ?? ['end'];
      const endings = ops.flatMap((op, index) => (/^(end|cut|reset|stall)$/.test(op) ? [index] : []));
      assert.deepEqual(endings, [ops.length - 1]);
    }),
    { numRuns: 300 },
  );
});

test("one fault doesn't shift what another draws", () => {
  // Neither ends the stream nor keeps an event from coming: what the first one drew shows in the bytes.
  const others = [
    'delay=1s@20%',
    'jitter=5ms',
    'retry=1s@30%',
    'null-id@40%',
    'freeze=1s@10%',
    'split=bytes:3@50%',
  ];
  const doubled = (texts: readonly string[], seed: number) => {
    const line = lineOf(texts, {}, seed);
    return Array.from({ length: 60 }, (_, index) => index + 1).filter(
      (n) =>
        written(line.send(event(n), 0))
          .toString()
          .split('data:').length === 3,
    );
  };
  fc.assert(
    fc.property(fc.subarray(others), fc.subarray(others), seed, (before, behind, seed) => {
      const own = 'dup@30%';
      const together = [...before, own, ...behind.filter((text) => !before.includes(text))];
      assert.deepEqual(doubled(together, seed), doubled([own], seed));
    }),
  );
});

test('faults draw apart, those that are written alike too', () => {
  const tripled = lineOf(['dup@50%', 'dup@50%']);
  const writes = Array.from({ length: 400 }, (_, index) => tripled.send(event(index + 1), 0).length);
  // Where both drew the same, no event would come just twice.
  assert.deepEqual([...new Set(writes)].sort(), [1, 2, 3]);
});
