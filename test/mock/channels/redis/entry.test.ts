import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldsOf, keyOf, parseEntries } from '../../../../src/mock/channels/redis/entry.ts';

const parse = (...fields: string[]) => parseEntries([['5-0', fields]])[0]?.event;

describe('an entry of a stream', () => {
  it('has the fields event and data under the channel’s key', () => {
    assert.equal(keyOf('user:7'), 'sse:user:7');
    assert.deepEqual(fieldsOf({ event: 'note', data: 'x' }), ['event', 'note', 'data', 'x']);
    assert.deepEqual(fieldsOf({ data: 'x' }), ['data', 'x']);
  });

  it('is an event with the entry’s id', () => {
    assert.deepEqual(
      parseEntries([
        ['5-0', ['event', 'note', 'data', 'x']],
        ['5-1', ['data', 'y']],
      ]),
      [
        { id: '5-0', event: { event: 'note', data: 'x' } },
        { id: '5-1', event: { data: 'y' } },
      ],
    );
    assert.deepEqual(parseEntries(null), []);
  });

  it('may come from a program that has fields of its own, in any order', () => {
    assert.deepEqual(parse('trace', 'data', 'data', 'x', 'event', 'note'), { event: 'note', data: 'x' });
  });

  it('without data is an event without data', () => {
    assert.deepEqual(parse('event', 'ping'), { event: 'ping', data: '' });
    assert.deepEqual(parse(), { data: '' });
  });

  it('whose event type has line breaks stays one event', () => {
    assert.deepEqual(parse('event', 'a\r\nb\nc', 'data', 'x\ny'), { event: 'a b c', data: 'x\ny' });
  });

  it('that was deleted while it was read has no fields', () => {
    assert.deepEqual(parseEntries([['5-0', null]]), [{ id: '5-0', event: { data: '' } }]);
  });
});
