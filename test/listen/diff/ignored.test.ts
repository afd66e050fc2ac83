import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ignored } from '../../../src/listen/diff/ignored.ts';

const event = (data: string) => ({ event: 'x', id: '7', data, n: 1, t: 0, conn: 1 });
const without = (data: string, ...paths: string[]) =>
  new Ignored(paths, '--diff-ignore').leaveOut(event(data));

describe('what is not compared', () => {
  test('is left out of JSON data, wherever it is there', () => {
    assert.equal(without('{"a":1,"b":{"c":2,"d":3}}', 'data.b.c', 'data.x.y').data, '{"a":1,"b":{"d":3}}');
    assert.equal(without('[{"a":1},2]', 'data[0].a', 'data[1]').data, '[{},null]');
    assert.equal(without('{"a":[1,{"b":2},3]}', 'data.a[-1]', 'data.a[-2].b').data, '{"a":[1,{},null]}');
  });

  test('leaves data without it as it is written', () => {
    assert.equal(without('{ "b" : 1 }', 'data.a', 'data.b.c', 'data[0]').data, '{ "b" : 1 }');
    assert.equal(without('text a', 'data.a').data, 'text a');
    assert.equal(without('{"a":', 'data.a').data, '{"a":');
  });

  test('leaves numbers of many digits as they are written', () => {
    assert.equal(without('{"b":12345678901234567890,"a":1}', 'data.a').data, '{"b":12345678901234567890}');
  });

  test('is told where no event had it', () => {
    const ignored = new Ignored(['id', 'data.a', 'data.b', 'data.b'], '--diff-ignore');
    ignored.leaveOut({ ...event('{"a":1}'), id: undefined });
    assert.deepEqual(ignored.unmatched(), ['id', 'data.b']);
    ignored.leaveOut(event('{"b":1}'));
    assert.deepEqual(ignored.unmatched(), []);
  });

  test('may be the id', () => {
    assert.equal(without('x', 'id').id, undefined);
    assert.equal(without('x', 'data.id').id, '7');
  });

  test('is named as a comparison prints it', () => {
    for (const path of ['data', 'a.b', 'event', 'data..a', '']) {
      assert.throws(() => new Ignored([path], '--diff-ignore'), { code: 'USAGE' }, path);
    }
  });
});
