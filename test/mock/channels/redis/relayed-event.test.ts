import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMessage, RelayedEvent } from '../../../../src/mock/channels/redis/relayed-event.ts';

describe('a message of Pub/Sub', () => {
  const cases: readonly [what: string, message: string, event: object][] = [
    [
      'JSON with event, data and id',
      '{"event":"note","data":"x","id":"7"}',
      { event: 'note', data: 'x', id: '7' },
    ],
    ['JSON whose data is no text', '{"data":{"a":[1]}}', { data: '{"a":[1]}' }],
    ['JSON with a number as id', '{"data":"x","id":7}', { data: 'x', id: '7' }],
    ['JSON with null for what there is not', '{"data":"x","id":null,"event":null}', { data: 'x' }],
    ['text', 'hello', { data: 'hello' }],
    ['text that begins like JSON', '{hello', { data: '{hello' }],
    ['JSON that is no such object', '{"kind":"note","data":1}', { data: '{"kind":"note","data":1}' }],
    ['JSON without data', '{"event":"note"}', { data: '{"event":"note"}' }],
    ['JSON whose event is no text', '{"data":"x","event":{}}', { data: '{"data":"x","event":{}}' }],
    ['a list', '[1,2]', { data: '[1,2]' }],
    ['a line break in the event type', '{"data":"x","event":"a\\nb"}', { data: 'x', event: 'a b' }],
    ['an id that no stream can carry', '{"data":"x","id":"a\\nb"}', { data: 'x' }],
  ];
  for (const [what, message, event] of cases) {
    it(`that is ${what} is an event`, () => assert.deepEqual(parseMessage(message), event));
  }

  it('goes without its id to streams that resume by another, with it to those of their own ids', () => {
    const event = new RelayedEvent({ event: 'note', data: 'x', id: '7' });
    assert.equal(String(event.frame.bytes), 'event: note\ndata: x\n\n');
    assert.equal(String(event.frameWithoutId.bytes), 'id: 7\nevent: note\ndata: x\n\n');
    assert.deepEqual([event.event.id, event.eventWithoutId.id], [undefined, '7']);
  });
});
