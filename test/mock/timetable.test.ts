import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Entry, Timetable } from '../../src/mock/timetable.ts';
import { until } from '../e2e/harness/until.ts';

function entry(run: (nowMs: number) => void): Entry {
  return { dueMs: 0, place: -1, run };
}

describe('the timetable', () => {
  test('runs each entry once, in the order of their times, whatever was set, moved and removed', async () => {
    const change = fc.record({ index: fc.nat(19), dueMs: fc.nat(30), remove: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 60 }), async (changes) => {
        const table = new Timetable();
        const start = table.now();
        const ran: number[] = [];
        const wanted = new Map<number, number>();
        const entries = Array.from({ length: 20 }, (_, index) => entry(() => ran.push(index)));
        for (const { index, dueMs, remove } of changes) {
          const each = entries[index] ?? assert.fail();
          if (remove) table.remove(each);
          else table.set(each, start + dueMs);
          if (remove) wanted.delete(index);
          else wanted.set(index, dueMs);
        }
        assert.equal(table.size, wanted.size);
        await until(() => table.size === 0 && ran.length === wanted.size);
        assert.deepEqual(new Set(ran), new Set(wanted.keys()));
        const times = ran.map((index) => wanted.get(index) ?? 0);
        assert.deepEqual(
          times,
          [...times].sort((a, b) => a - b),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('puts what comes every second or more off by a thousandth of that at most, to times that all share', () => {
    const table = new Timetable();
    const anchorMs = table.sharedTime(0, 60_000);
    const times = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(times, fc.integer({ min: 1000, max: 3_600_000 }), (dueMs, periodMs) => {
        const apartMs = Math.min(10, Math.floor(periodMs / 1000));
        const at = table.sharedTime(dueMs, periodMs);
        assert.ok(at >= dueMs - 1e-6 && at < dueMs + apartMs + 1e-6, `${at - dueMs} ms`);
        if (apartMs < 10) return;
        const turns = (at - anchorMs) / 10;
        assert.ok(Math.abs(turns - Math.round(turns)) < 1e-6, `${turns} turns`);
      }),
    );
    assert.equal(table.sharedTime(12.3, 999), 12.3);
    assert.equal(table.sharedTime(12.3, 0), 12.3);
  });

  test('lets an entry take another out that is due in the same turn, and put itself in again', async () => {
    const table = new Timetable();
    const now = table.now();
    const ran: string[] = [];
    const second = entry(() => ran.push('second'));
    const first = entry((nowMs) => {
      ran.push('first');
      table.remove(second);
      if (ran.length < 3) table.set(first, nowMs);
    });
    table.set(first, now - 2);
    table.set(second, now - 1);
    await until(() => ran.length === 3);
    assert.deepEqual(ran, ['first', 'first', 'first']);
    assert.equal(table.size, 0);
  });

  test('gives the others their turn when one throws', async () => {
    const table = new Timetable();
    const now = table.now();
    const thrown: unknown[] = [];
    const ran: string[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => thrown.push(error));
    table.set(
      entry(() => assert.fail('a fault of the program')),
      now - 2,
    );
    table.set(
      entry(() => ran.push('other')),
      now - 1,
    );
    await until(() => ran.length === 1);
    for (const listener of listeners) process.on('uncaughtException', listener);
    assert.equal(thrown.length, 1);
  });
});
