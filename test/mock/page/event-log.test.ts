import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Entry,
  EventLog,
  MAX_DATA_LENGTH,
  MAX_ENTRIES,
  MAX_LOG_LENGTH,
  matches,
  type NewEntry,
} from '../../../src/mock/page/browser/event-log.ts';

function event(data: string, rest: { name?: string; id?: string } = {}): NewEntry {
  const { name = 'message', id } = rest;
  return {
    kind: 'event',
    at: 0,
    gapMs: undefined,
    connection: 1,
    name,
    id,
    lastEventId: id ?? '',
    data,
    verdict: undefined,
  };
}

const dataOf = (entries: readonly Entry[]) =>
  entries.map((entry) => (entry.kind === 'event' ? entry.data : ''));

describe('the log of events', () => {
  test('gives what came behind a number, oldest first', () => {
    const log = new EventLog();
    for (const data of ['a', 'b', 'c']) log.add(event(data));
    assert.deepEqual(dataOf(log.since(1)), ['b', 'c']);
    assert.deepEqual(log.since(3), []);
  });

  test(`keeps the newest ${MAX_ENTRIES}`, () => {
    const log = new EventLog();
    for (let n = 1; n <= MAX_ENTRIES + 5; n++) log.add(event(String(n)));
    assert.equal(log.size, MAX_ENTRIES);
    assert.equal(log.total, MAX_ENTRIES + 5);
    assert.equal(dataOf(log.since(0))[0], '6');
    assert.deepEqual(dataOf(log.since(MAX_ENTRIES + 4)), [String(MAX_ENTRIES + 5)]);
  });

  test('keeps of a huge event its beginning and its length', () => {
    const log = new EventLog();
    log.add(event('x'.repeat(MAX_DATA_LENGTH + 7)));
    const [entry] = log.since(0);
    assert.ok(entry?.kind === 'event');
    assert.equal(entry.data.length, MAX_DATA_LENGTH);
    assert.equal(entry.length, MAX_DATA_LENGTH + 7);
  });

  test('stays within its size, whatever part of an event is large', () => {
    const large = 'x'.repeat(MAX_DATA_LENGTH);
    const log = new EventLog();
    for (let n = 0; n < 100; n++) log.add(event(large, { name: large, id: large }));
    const entries = log.since(0);
    assert.equal(entries.length, Math.floor(MAX_LOG_LENGTH / (3 * MAX_DATA_LENGTH)));
    log.add({ kind: 'comment', at: 0, text: 'x'.repeat(2 * MAX_DATA_LENGTH) });
    const newest = log.since(0).at(-1);
    assert.equal(newest?.kind === 'comment' && newest.text.length, MAX_DATA_LENGTH);
  });

  test('cleared, has nothing, and counts on', () => {
    const log = new EventLog();
    log.add(event('a'));
    log.clear();
    assert.deepEqual(log.since(0), []);
    log.add(event('b'));
    assert.deepEqual(dataOf(log.since(1)), ['b']);
  });
});

describe('the filter', () => {
  const entry = (added: NewEntry): Entry => {
    const log = new EventLog();
    log.add(added);
    return log.since(0)[0] as Entry;
  };

  test('finds a text in name, id or data, in any case', () => {
    const order = entry(event('{"Total": 12}', { name: 'Order', id: 'X-1' }));
    for (const text of ['', 'order', 'x-1', 'total', '12']) assert.equal(matches(order, text), true, text);
    assert.equal(matches(order, 'refund'), false);
  });

  test('finds a text in comments, and leaves every mark', () => {
    assert.equal(matches(entry({ kind: 'comment', at: 0, text: ': ping' }), 'ping'), true);
    assert.equal(matches(entry({ kind: 'comment', at: 0, text: ': ping' }), 'pong'), false);
    assert.equal(matches(entry({ kind: 'mark', at: 0, tone: 'lost', text: 'gone' }), 'pong'), true);
  });
});
