import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compilePath } from '../../src/notation/json-path.ts';
import { assertInvalid } from './rejection.ts';

const value = {
  a: { b: [10, 20, { c: 'deep' }] },
  'first name': 'x',
  'it"s': 'quoted',
  'a.b': 'dotted',
  $id: 7,
  kebab: { 'x-y': 1 },
  nothing: null,
  ä: 'umlaut',
};

describe('a path', () => {
  const found: [path: string, result: unknown][] = [
    ['a.b[1]', 20],
    ['a.b[2].c', 'deep'],
    ['$.a.b[0]', 10],
    ['.a.b[0]', 10],
    ['a.b[-1].c', 'deep'],
    ['a["b"][0]', 10],
    ["['first name']", 'x'],
    ['["it\\"s"]', 'quoted'],
    ['["a.b"]', 'dotted'],
    ['["\\u00e4"]', 'umlaut'],
    ['a.b.length', undefined],
    ['kebab.x-y', 1],
    ['ä', 'umlaut'],
    ['nothing', null],
    ['  a.b[0]  ', 10],
    ['$', value],
    ['.', value],
    ['$.$id', 7],
    ['a.x', undefined],
    ['a.b.c', undefined],
    ['a.b[9]', undefined],
    ['a[0]', undefined],
    ['nothing.more', undefined],
    ['toString', undefined],
    ['a.__proto__', undefined],
  ];
  for (const [path, result] of found) {
    test(`${path} names ${JSON.stringify(result)?.slice(0, 30) ?? 'nothing'}`, () => {
      assert.deepEqual(compilePath(path)(value), result);
    });
  }

  test('picks out of an array at the top', () => {
    assert.equal(compilePath('[1]')([1, 2]), 2);
  });

  const wrong: [path: string, position: number][] = [
    ['', 1],
    ['a..b', 2],
    ['a.', 2],
    ['a[', 2],
    ['a[x]', 2],
    ['a b', 2],
    ['a.b]', 4],
    ['[0]a', 4],
    ['$a', 2],
    ['["open]', 1],
    ['a["\\x"]', 2],
    ['["line\nbreak"]', 1],
  ];
  for (const [path, position] of wrong) {
    test(`${JSON.stringify(path)} can't be read, which is told with the position ${position}`, () => {
      assertInvalid(() => compilePath(path), new RegExp(`at position ${position}\nAccepted: `));
    });
  }
});
