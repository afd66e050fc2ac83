import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stampedEvents } from '../../../src/checks/passive/stamped-events.ts';
import { every, type Made, stream } from './streams.ts';

const T0 = Date.UTC(2026, 0, 1);
const wallAt = (at: number) => T0 + at;

/** 20 events, unevenly. */
const UNEVEN = every(300, 20).map((at, index) => at + (index % 3) * 90);
const EVEN = every(500, 20);

/** What was made at these times, by a clock that is ahead of ours, and came so. */
const told = (madeMs: readonly number[], cameMs: readonly number[], made: Made & { aheadMs?: number } = {}) =>
  stream({
    eventsMs: cameMs,
    data: (n) => JSON.stringify({ n, t: T0 + (made.aheadMs ?? 0) + (madeMs[n] ?? 0) }),
    ...made,
  });
const later = (times: readonly number[], ms: number) => times.map((at) => at + ms);
const behind = (times: readonly number[]) => times.slice(1).map((at) => at + 1);

describe('events that carry a time', () => {
  test('tell without a direct way no more than how much later one comes than another', () => {
    for (const aheadMs of [-900, 0, 40_000]) {
      const seen = stampedEvents(told(EVEN, later(EVEN, 1_500), { aheadMs }), wallAt);
      assert.ok(seen !== undefined);
      assert.deepEqual([seen.isClockKnown, seen.steady, seen.lateness.status], [false, undefined, 'pass']);
    }
    const held = UNEVEN.map((at) => Math.ceil(at / 2_000) * 2_000);
    assert.equal(stampedEvents(told(UNEVEN, held), wallAt)?.lateness.status, 'fail');
    // Uneven stamps are nobody's doing.
    assert.equal(stampedEvents(told(UNEVEN, behind(UNEVEN)), wallAt), undefined);
  });

  test('tell beside a direct way how late they are, whatever the clock that wrote them', () => {
    for (const aheadMs of [-900, 0, 40_000]) {
      const straight = told(EVEN, later(EVEN, 1), { aheadMs });
      const look = (cameMs: readonly number[], made: Made = {}) =>
        stampedEvents(told(EVEN, cameMs, { aheadMs, ...made }), wallAt, straight);
      const good = look(later(EVEN, 3));
      assert.deepEqual([good?.isClockKnown, good?.steady, good?.lateness.status], [true, undefined, 'pass']);
      assert.ok(Math.abs((good?.lateness.transitMs ?? 0) - 2) < 0.1);
      const oneBehind = look(behind(EVEN));
      assert.deepEqual([oneBehind?.steady, oneBehind?.lateness.fault], ['one behind', 'buffer.one-behind']);
      assert.ok(Math.abs((oneBehind?.lateness.lateMs ?? 0) - 500) < 5);
      const late = look(later(EVEN, 1_500));
      assert.deepEqual(
        [late?.steady, late?.lateness.fault, late?.isMadeOnce],
        ['as long', 'buffer.timer', true],
      );
      assert.equal(late?.lateness.lateMs, 1_499);
    }
  });

  test('come one behind where they are close to each other, too, unless the way is as long', () => {
    const close = every(60, 60);
    const straight = told(close, later(close, 1));
    const look = (headMs: number) => stampedEvents(told(close, behind(close), { headMs }), wallAt, straight);
    assert.equal(look(15)?.lateness.fault, 'buffer.one-behind');
    assert.equal(look(70)?.lateness.status, 'pass');
  });

  test('knows one behind by their pace, too', () => {
    const straight = told(UNEVEN, later(UNEVEN, 1));
    const seen = stampedEvents(told(UNEVEN, behind(UNEVEN)), wallAt, straight);
    assert.equal(seen?.lateness.fault, 'buffer.one-behind');
  });

  test('tell nothing by whole seconds', () => {
    const seconds = every(1_000, 12);
    const straight = told(seconds, later(seconds, 100));
    assert.equal(stampedEvents(told(seconds, later(seconds, 900)), wallAt, straight), undefined);
    assert.equal(stampedEvents(told(seconds, later(seconds, 900)), wallAt), undefined);
  });

  test('are not held by a long way, which their head takes as well', () => {
    const straight = told(EVEN, later(EVEN, 1));
    const far = stampedEvents(told(EVEN, later(EVEN, 601), { headMs: 700 }), wallAt, straight);
    assert.deepEqual([far?.steady, far?.lateness.status, far?.lateness.transitMs], [undefined, 'pass', 600]);
  });

  test('are not measured by the clock of another server', () => {
    const straight = told(EVEN, later(EVEN, 1));
    const sooner = stampedEvents(told(EVEN, later(EVEN, 1), { aheadMs: 300 }), wallAt, straight);
    assert.deepEqual([sooner?.isClockKnown, sooner?.lateness.status], [false, 'pass']);
  });
});
