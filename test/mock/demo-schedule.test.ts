import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoEvent } from '../../src/mock/demo-schedule.ts';

describe('the demo schedule', () => {
  const told = (n: number, nowMs: number) => {
    const { afterMs, event } = demoEvent(n);
    return { afterMs, ...(typeof event === 'function' ? event(nowMs) : event) };
  };
  const events = Array.from({ length: 100 }, (_, index) => told(index + 1, 0));

  test('opens with `connected` and no wait', () => {
    assert.equal(events[0]?.event, 'connected');
    assert.equal(events[0]?.afterMs, 0);
  });

  test('sends its first ten events within two to three seconds', () => {
    const total = events.slice(0, 10).reduce((sum, event) => sum + event.afterMs, 0);
    assert.ok(total > 1_500 && total < 3_000, `${total} ms`);
  });

  test('never pauses for longer than half a second', () => {
    assert.ok(events.every((event) => event.afterMs <= 500));
  });

  test('shows several types among the first ten, an event without a type and one of several lines', () => {
    const first = events.slice(0, 10);
    assert.ok(new Set(first.map((event) => event.event)).size >= 5);
    assert.ok(first.some((event) => event.event === undefined && event.data.includes('\n')));
  });

  test('ends each answer with one token that says so, and starts the next with a new id', () => {
    const tokens = events
      .filter((event) => event.event === 'ai:token')
      .map((event) => JSON.parse(event.data));
    const ids = [...new Set(tokens.map((token) => token.messageId))].slice(0, 3);
    assert.equal(ids.length, 3);
    for (const id of ids) {
      const run = tokens.filter((token) => token.messageId === id);
      assert.deepEqual(
        run.map((token) => token.done),
        run.map((_, index) => index === run.length - 1),
      );
      assert.ok(run.slice(0, -1).every((token) => token.token !== ''));
    }
  });

  test('is the same for the same number', () => {
    assert.deepEqual(told(17, 5), told(17, 5));
  });
});
