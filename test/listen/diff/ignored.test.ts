import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIgnored, withoutIgnored } from '../../../src/listen/diff/ignored.ts';

const event = (data: string) => ({ event: 'x', id: '7', data, n: 1, t: 0, conn: 1 });
const without = (data: string, ...paths: string[]) =>
  withoutIgnored(event(data), parseIgnored(paths, '--diff-ignore'));

describe('what is not compared', () => {
  test('is left out of JSON data, wherever it is there', () => {
    assert.equal(without('{"a":1,"b":{"c":2,"d":3}}', 'data.b.c', 'data.x.y').data, '{"a":1,"b":{"d":3}}');
    assert.equal(without('[{"a":1},2]', 'data[0].a', 'data[1]').data, '[{},null]');
  });

  test('leaves data without it as it is written', () => {
    assert.equal(without('{ "b" : 1 }', 'data.a', 'data.b.c', 'data[0]').data, '{ "b" : 1 }');
    assert.equal(without('text a', 'data.a').data, 'text a');
    assert.equal(without('{"a":', 'data.a').data, '{"a":');
  });

  test('may be the id', () => {
    assert.equal(without('x', 'id').id, undefined);
    assert.equal(without('x', 'data.id').id, '7');
  });

  test('is named as a comparison prints it', () => {
    for (const path of ['data', 'a.b', 'event', 'data..a', '']) {
      assert.throws(() => parseIgnored([path], '--diff-ignore'), { code: 'USAGE' }, path);
    }
  });
});
