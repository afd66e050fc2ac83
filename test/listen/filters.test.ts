import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventView } from '../../src/listen/filters.ts';
import type { EventFilters, StopConditions } from '../../src/listen/options.ts';
import { stopTest } from '../../src/listen/stop.ts';
import type { SseEvent } from '../../src/sse/sink.ts';

function event(data: string, name = 'message'): SseEvent {
  return { event: name, data, id: undefined, lastEventId: '', bytes: data.length, reads: 1 };
}

function shown(filters: Partial<EventFilters>, ...events: SseEvent[]): string[] {
  const view = eventView({ event: [], excludeEvent: [], grep: [], ...filters });
  return events.flatMap((each) => view(each)?.data ?? []);
}

describe('the events shown', () => {
  const [a, b, c] = [event('1', 'a'), event('2', 'b'), event('3')] as const;

  test('are all without filters, untouched', () => {
    const view = eventView({ event: [], excludeEvent: [], grep: [] });
    assert.equal(view(a), a);
  });

  test('are those of any of the names', () => {
    assert.deepEqual(shown({ event: ['a', 'message'] }, a, b, c), ['1', '3']);
  });

  test('are not those of an excluded name, although it is wanted too', () => {
    assert.deepEqual(shown({ event: ['a', 'b'], excludeEvent: ['b'] }, a, b, c), ['1']);
  });

  test('are those whose data every pattern matches', () => {
    const grep = [/x/, /^y/];
    assert.deepEqual(shown({ grep }, event('yx'), event('xy'), event('y'), event('y..x')), ['yx', 'y..x']);
  });

  test('are cut down to a part of their JSON, text without quotes', () => {
    const events = ['{"a":{"b":"text"}}', '{"a":{"b":[1,"x"]}}', '{"a":{"b":null}}', '{"a":{"b":0}}'];
    assert.deepEqual(shown({ path: 'a.b' }, ...events.map((data) => event(data))), [
      'text',
      '[1,"x"]',
      'null',
      '0',
    ]);
  });

  test('are parts as they were written: no digit of a number is lost', () => {
    const events = ['{"a":12345678901234567890}', '{"a":1.0}', '{"a":{"b": 1e2}}', '{"a":1,"a":[2.50]}'];
    assert.deepEqual(shown({ path: 'a' }, ...events.map((data) => event(data))), [
      '12345678901234567890',
      '1.0',
      '{"b": 1e2}',
      '[2.50]',
    ]);
  });

  test('are not those where the path names nothing, or whose data is no JSON', () => {
    assert.deepEqual(shown({ path: 'a.b' }, event('{"a":1}'), event('{}'), event('[DONE]'), event('')), []);
  });
});

describe('a run stops', () => {
  const stops = (stop: StopConditions, each: SseEvent, count = 1) => stopTest(stop)(each, count);

  test('never without a condition', () => {
    assert.equal(stops({}, event('x'), 1_000_000), undefined);
    assert.equal(stopTest({}).awaits, false);
  });

  test('after so many shown events', () => {
    assert.equal(stops({ maxEvents: 3 }, event('x'), 2), undefined);
    assert.equal(stops({ maxEvents: 3 }, event('x'), 3), 'max');
    assert.equal(stopTest({ maxEvents: 3 }).awaits, false);
  });

  test('at data that is equal, not at data that only contains it', () => {
    const stop = { untilData: ['[DONE]', 'end'] };
    assert.equal(stops(stop, event('[DONE]')), 'until');
    assert.equal(stops(stop, event('end')), 'until');
    assert.equal(stops(stop, event('the end')), undefined);
    assert.equal(stopTest(stop).awaits, true);
  });

  test('at an event of the name', () => {
    const stop = { untilEvent: ['done'] };
    assert.equal(stops(stop, event('x', 'done')), 'until');
    assert.equal(stops(stop, event('done')), undefined);
    assert.equal(stopTest(stop).awaits, true);
  });

  test('at data that matches, again and again', () => {
    const test = stopTest({ untilRegex: [/nothing/, /d.ne/] });
    assert.equal(test(event('all done'), 1), 'until');
    assert.equal(test(event('all done'), 2), 'until');
    assert.equal(test(event('all'), 3), undefined);
  });

  test('at any of several conditions, and says "until" where both hold', () => {
    const stop = { untilData: ['x'], untilEvent: ['done'], maxEvents: 1 };
    assert.equal(stops(stop, event('y', 'done')), 'until');
    assert.equal(stops(stop, event('y')), 'max');
    assert.equal(stops(stop, event('x'), 0), 'until');
  });
});
