import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { valueChanges } from '../../../src/listen/diff/value-changes.ts';

const event = (data: string, fields: { event?: string; id?: string } = {}) => ({
  event: 'message',
  data,
  ...fields,
});
const inData = (a: unknown, b: unknown) => valueChanges(event(JSON.stringify(a)), event(JSON.stringify(b)));

describe('what differs between two events', () => {
  test('is told by its path, as --path takes it', () => {
    assert.deepEqual(inData({ price: 12.5, at: [1, { x: 'a' }] }, { price: 12.6, at: [1, { x: 'b' }] }), [
      { path: 'data.price', a: '12.5', b: '12.6' },
      { path: 'data.at[1].x', a: '"a"', b: '"b"' },
    ]);
    assert.deepEqual(inData({ 'a b': 1, 'ü-1': 1 }, { 'a b': 2, 'ü-1': 2 }), [
      { path: 'data["a b"]', a: '1', b: '2' },
      { path: 'data.ü-1', a: '1', b: '2' },
    ]);
  });

  test('may be missing on a side, of another kind, or null', () => {
    assert.deepEqual(inData({ a: 1, b: null, c: [1] }, { b: 0, c: { 0: 1 }, d: 4 }), [
      { path: 'data.a', a: '1' },
      { path: 'data.b', a: 'null', b: '0' },
      { path: 'data.c', a: '[1]', b: '{"0":1}' },
      { path: 'data.d', b: '4' },
    ]);
    assert.deepEqual(inData([1, 2], [1]), [{ path: 'data[1]', a: '2' }]);
    assert.deepEqual(inData({}, { __proto__x: 1, constructor: 1 }).length, 2);
  });

  test('is the name, the id, or text as it is', () => {
    const a = event('one', { id: '1' });
    assert.deepEqual(valueChanges(a, event('two', { event: 'tick' })), [
      { path: 'event', a: 'message', b: 'tick' },
      { path: 'id', a: '1' },
      { path: 'data', a: 'one', b: 'two' },
    ]);
    assert.deepEqual(valueChanges(event('{"a":1'), event('{"a":2')), [
      { path: 'data', a: '{"a":1', b: '{"a":2' },
    ]);
  });

  test('is in numbers of many digits as they are written', () => {
    const [a, b] = ['{"id":9007199254740993,"in":[1]}', '{"id":9007199254740992,"in":[9007199254740992]}'];
    assert.deepEqual(valueChanges(event(a), event(b)), [
      { path: 'data.id', a: '9007199254740993', b: '9007199254740992' },
      { path: 'data.in[0]', a: '1', b: '9007199254740992' },
    ]);
  });

  test('is not how data of one value is written', () => {
    const [a, b] = ['{"a":1,"b":0.12345678901234567}', '{ "b":0.12345678901234567, "a":1 }'];
    assert.deepEqual(valueChanges(event(a, { id: '1' }), event(b, { id: '2' })), [
      { path: 'id', a: '1', b: '2' },
    ]);
  });

  test('is bounded, and found at any depth', () => {
    const many = (value: number) =>
      Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, value]));
    assert.equal(inData(many(1), many(2)).length, 50);
    const deep = (value: number) => `${'['.repeat(5000)}${value}${']'.repeat(5000)}`;
    assert.equal(valueChanges(event(deep(1)), event(deep(2)))[0]?.path, `data${'[0]'.repeat(5000)}`);
  });
});
