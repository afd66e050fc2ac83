import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Observation } from '../../../src/checks/observation/observation.ts';
import { heldBack } from '../../../src/checks/passive/same-events.ts';
import { every, stream } from './streams.ts';

const EVEN = every(500, 19);
const direct = stream({ eventsMs: EVEN, endMs: 10_000 });

const held = (reference: Observation, other: Observation) => {
  const seen = heldBack(reference, other);
  if (typeof seen === 'string') return seen;
  const { lateness, missing } = seen;
  return [lateness.fault ?? lateness.status, Math.round(lateness.lateMs), missing];
};
const cameAt = (eventsMs: readonly number[], made: Parameters<typeof stream>[0] = {}) =>
  stream({ eventsMs, endMs: 10_000, ...made });

describe('the same events in two streams', () => {
  test('are held one behind though they are sent evenly', () => {
    assert.deepEqual(held(direct, cameAt(EVEN.slice(1).map((at) => at + 1))), ['buffer.one-behind', 501, 0]);
    // A way as long as they are apart has the head late, too.
    const far = cameAt(
      EVEN.map((at) => at + 501),
      { headMs: 900 },
    );
    assert.deepEqual(held(direct, far), ['pass', 0, 0]);
    // So close to each other, it may as well be a stream that began later.
    const close = every(60, 100);
    const quick = stream({ eventsMs: close, endMs: 6_500 });
    assert.deepEqual(held(quick, stream({ eventsMs: close.map((at) => at + 60), endMs: 6_500 })), [
      'pass',
      0,
      0,
    ]);
  });

  test('are late by the same without being held, and those that are on their way are not missing', () => {
    const late = heldBack(direct, cameAt(EVEN.map((at) => at + 1_300).filter((at) => at < 10_000)));
    assert.ok(typeof late === 'object');
    assert.deepEqual([late.lateness.status, late.missing], ['pass', 0]);
    assert.equal(late.lateness.transitMs, 1_300);
  });

  test('are missing where they are owed', () => {
    assert.deepEqual(held(direct, cameAt([])), ['buffer.until-end', 9_500, 19]);
    const kept = heldBack(direct, cameAt(EVEN.slice(0, 12).map((at) => Math.ceil(at / 3_000) * 3_000)));
    assert.ok(typeof kept === 'object' && kept.missing === 7);
  });

  test('are told apart by all that they are, and by ids alone where the rest differs', () => {
    const times = (aheadMs: number) => (n: number) => `{"t":${1_790_000_000_000 + aheadMs + n}}`;
    const one = stream({ eventsMs: EVEN, data: times(0), endMs: 10_000 });
    assert.deepEqual(held(one, cameAt(EVEN, { data: times(40) })), ['pass', 0, 0]);
    const nameless = EVEN.map(() => '');
    const other = cameAt(EVEN, { data: times(40), ids: nameless });
    assert.equal(held(stream({ eventsMs: EVEN, data: times(0), ids: nameless }), other), 'too few');
    // What comes several times is none of them.
    const alike = { data: () => 'tick', ids: nameless };
    assert.equal(held(stream({ eventsMs: EVEN, ...alike }), cameAt(EVEN, alike)), 'too few');
  });

  test('are of streams with times of their own where one comes before it was sent', () => {
    assert.equal(held(direct, cameAt(EVEN.map((at) => at * 0.9))), 'another stream');
    assert.equal(held(direct, cameAt(EVEN.map((at, n) => at + (n > 9 ? 900 : 0)))), 'another stream');
  });

  test('say nothing where few came one by one', () => {
    const few = stream({ eventsMs: every(500, 4), endMs: 10_000 });
    assert.equal(held(few, few), 'too few');
  });
});
