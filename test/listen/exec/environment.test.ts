import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventEnvironment } from '../../../src/listen/exec/environment.ts';
import type { SseEvent } from '../../../src/sse/sink.ts';

const event = (fields: Partial<SseEvent> = {}): SseEvent => ({
  event: 'message',
  data: 'x',
  id: undefined,
  lastEventId: '',
  bytes: 0,
  reads: 1,
  ...fields,
});

describe('the environment of a command', () => {
  test('names the event, its own id, and the id that a browser would report', () => {
    const own = eventEnvironment(event({ event: 'order', data: 'ü', id: '7', lastEventId: '7' }), 3);
    assert.deepEqual(own, {
      SSE_N: '3',
      SSE_EVENT: 'order',
      SSE_ID: '7',
      SSE_LAST_EVENT_ID: '7',
      SSE_DATA: 'ü',
      SSE_DATA_BYTES: '2',
    });
    const without = eventEnvironment(event({ lastEventId: '7' }), 4);
    assert.equal(without.SSE_ID, undefined);
    assert.equal(without.SSE_LAST_EVENT_ID, '7');
  });

  test('tells an id that was emptied from none', () => {
    assert.equal(eventEnvironment(event({ id: '' }), 1).SSE_ID, '');
  });

  test('unsets what is longer than 64 KB, measured in bytes, and gives its length', () => {
    const largest = 'x'.repeat(64 * 1024);
    assert.equal(eventEnvironment(event({ data: largest }), 1).SSE_DATA, largest);
    const larger = eventEnvironment(event({ data: `${largest}x` }), 1);
    assert.deepEqual([larger.SSE_DATA, larger.SSE_DATA_BYTES], [undefined, String(64 * 1024 + 1)]);
    const wide = eventEnvironment(event({ data: 'ü'.repeat(32 * 1024 + 1) }), 1);
    assert.deepEqual([wide.SSE_DATA, wide.SSE_DATA_BYTES], [undefined, String(64 * 1024 + 2)]);
    assert.equal(eventEnvironment(event({ event: `${largest}x` }), 1).SSE_EVENT, undefined);
  });

  test('unsets what holds a NUL', () => {
    const nul = eventEnvironment(event({ event: 'a\0b', data: 'a\0b' }), 1);
    assert.deepEqual([nul.SSE_EVENT, nul.SSE_DATA, nul.SSE_DATA_BYTES], [undefined, undefined, '3']);
    assert.ok('SSE_DATA' in nul, 'it would be inherited from the surroundings');
  });
});
