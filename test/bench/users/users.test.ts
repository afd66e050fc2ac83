import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseUsers } from '../../../src/bench/users/users.ts';

const parse = (text: string) => parseUsers(Buffer.from(text));

describe('users', () => {
  test('have the columns of the first row, and a line each', () => {
    assert.deepEqual(parse('id, token \n1,"a\nb"\n2,c\n'), {
      columns: ['id', 'token'],
      rows: [
        ['1', 'a\nb'],
        ['2', 'c'],
      ],
      lines: [2, 4],
    });
  });

  for (const [text, message] of [
    ['', /^the file is empty$/],
    ['id\n', /^no row follows/],
    ['id,\n1,2', /^line 1: column 2 has no name$/],
    ['id,id\n1,2', /^line 1: two columns are called "id"$/],
    ['a{b\n1', /^line 1: "a\{b" can't be written as/],
    ['id,name\n1,a\n2', /^line 3: there are 1 fields, and the first row names 2 columns$/],
  ] as const) {
    test(`are refused: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parse(text), { name: 'InvalidValue', message });
    });
  }

  test('are refused where the file is not UTF-8', () => {
    assert.throws(() => parseUsers(Buffer.from([0x69, 0x64, 0x0a, 0xe9])), {
      message: 'the file is not UTF-8',
    });
  });
});
