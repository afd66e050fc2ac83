import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type EventDifference, eventDifferences } from '../../../src/listen/diff/event-differences.ts';
import { Matching } from '../../../src/listen/diff/matching.ts';
import { RunIndex } from '../../../src/listen/diff/run-index.ts';

interface Given {
  id?: string;
  event?: string;
  data: string;
}

function indexOf(events: readonly Given[]): RunIndex {
  const index = new RunIndex();
  events.forEach(({ id, event = 'message', data }, at) => {
    index.add({ id, event, data, n: at + 1, t: at, conn: 1 });
  });
  return index;
}

function firstPlaces(index: RunIndex): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = index.count - 1; at >= 0; at -= 1) places.set(index.content[at] ?? Number.NaN, at);
  return places;
}

function diff(before: readonly Given[], after: readonly Given[]): EventDifference[] {
  const [a, b] = [indexOf(before), indexOf(after)];
  const first = { a: firstPlaces(a), b: firstPlaces(b) };
  return [...eventDifferences(new Matching(a, b), { a, b }, first, { a: a.count, b: b.count })];
}

const withIds = (count: number): Given[] =>
  Array.from({ length: count }, (_, at) => ({ id: `${at}`, data: JSON.stringify({ v: at }) }));

describe('the differences of two runs', () => {
  test('are none between a run and itself, whatever repeats in it', () => {
    const event = fc.record(
      {
        id: fc.constantFrom('', 'a', 'b'),
        event: fc.constantFrom('x', 'y'),
        data: fc.constantFrom('1', '2'),
      },
      { requiredKeys: ['data'] },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => assert.deepEqual(diff(events, events), [])),
    );
  });

  test('are the very events that were taken away, put in and changed', () => {
    const edits = fc.array(fc.constantFrom('keep', 'keep', 'remove', 'insert', 'change'), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(edits, (all) => {
        const before = withIds(all.length);
        const expected: EventDifference[] = [];
        const after: Given[] = [];
        all.forEach((edit, at) => {
          const event = before[at] ?? { data: '' };
          if (edit === 'remove') {
            expected.push({ kind: 'removed', a: at });
            return;
          }
          if (edit === 'insert') {
            expected.push({ kind: 'added', b: after.length });
            after.push({ id: `new ${at}`, data: 'new' });
          }
          if (edit === 'change') expected.push({ kind: 'changed', a: at, b: after.length, moved: false });
          after.push(
            edit === 'change' ? { ...event, data: `${event.data} `.replace('{', '{"w":0,') } : event,
          );
        });
        const byPlace = (each: EventDifference) => JSON.stringify(each);
        assert.deepEqual(diff(before, after).map(byPlace).sort(), expected.map(byPlace).sort());
      }),
      { numRuns: 300 },
    );
  });

  test('of a run in another order are moves alone, as few as there can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (count, from, to) => {
        const before = withIds(count);
        const after = [...before];
        const [event] = after.splice(from % count, 1);
        if (event !== undefined) after.splice(to % count, 0, event);
        const found = diff(before, after);
        assert.ok(found.every(({ kind }) => kind === 'moved'));
        assert.equal(found.length, from % count === to % count ? 0 : 1);
      }),
    );
  });

  test('account for every event on both sides, whatever was done', () => {
    const event = fc.record(
      { id: fc.constantFrom('', 'a', 'b', 'c'), data: fc.constantFrom('1', '2', '{"v":1}', '{"v":2}') },
      { requiredKeys: ['data'] },
    );
    const run = fc.array(event, { maxLength: 40 });
    fc.assert(
      fc.property(run, run, (before, after) => {
        const found = diff(before, after);
        const count = (wanted: (each: EventDifference) => boolean) => found.filter(wanted).length;
        const onlyA = count((each) => !('b' in each));
        const onlyB = count((each) => !('a' in each));
        assert.equal(before.length - onlyA, after.length - onlyB);
        const ofA = found.flatMap((each) => ('a' in each ? each.a : []));
        const ofB = found.flatMap((each) => ('b' in each ? each.b : []));
        assert.equal(new Set(ofA).size, ofA.length);
        assert.equal(new Set(ofB).size, ofB.length);
      }),
      { numRuns: 500 },
    );
  });

  test('tell a repeat by the event that it repeats', () => {
    const events = withIds(3);
    const [, second = { data: '' }] = events;
    assert.deepEqual(diff(events, [...events, second]), [{ kind: 'repeated', b: 3, of: 1 }]);
    assert.deepEqual(diff([...events, second], events), [{ kind: 'repeated', a: 3, of: 1 }]);
  });

  test('take an event without id for the same one where name and kind of data are', () => {
    const tick = (price: number): Given => ({ event: 'tick', data: JSON.stringify({ price }) });
    assert.deepEqual(diff([tick(1), tick(2), tick(3)], [tick(1), tick(2.5), tick(3)]), [
      { kind: 'changed', a: 1, b: 1, moved: false },
    ]);
    assert.deepEqual(
      diff([{ data: 'a' }, { data: '{"v":1}' }], [{ data: 'a' }, { event: 'x', data: '{"v":2}' }]).map(
        ({ kind }) => kind,
      ),
      ['removed', 'added'],
    );
  });

  test('see through ids that are others in each run', () => {
    const run = (salt: string) => withIds(5).map((each) => ({ ...each, id: `${salt}${each.id}` }));
    const found = diff(run('x'), run('y'));
    assert.deepEqual(
      found,
      [0, 1, 2, 3, 4].map((at) => ({ kind: 'changed', a: at, b: at, moved: false })),
    );
  });

  test('compare JSON by its value, and other data as it is written', () => {
    assert.deepEqual(diff([{ data: '{"a":1,"b":[1,2]}' }], [{ data: '{ "b":[1, 2], "a":1.0 }' }]), []);
    assert.equal(diff([{ data: '1.0' }], [{ data: '1' }]).length, 1);
    assert.equal(diff([{ data: '{"a":9007199254740993}' }], [{ data: '{"a":9007199254740992}' }]).length, 1);
    assert.equal(diff([{ data: '{"a":1' }], [{ data: '{"a": 1' }]).length, 1);
  });

  test('tell an event that moved and changed', () => {
    const [zero, one, two, three] = withIds(4) as [Given, Given, Given, Given];
    const found = diff([zero, one, two, three], [one, two, three, { ...zero, data: 'other' }]);
    assert.deepEqual(found, [{ kind: 'changed', a: 0, b: 3, moved: true }]);
  });
});
