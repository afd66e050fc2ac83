import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonical, LongNumber, parseJson } from '../../../src/listen/diff/json-value.ts';

const written = (text: string) => canonical(parseJson(text));

describe('the value of JSON data', () => {
  test('is what the parser makes of it, keys in order', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'small' }), (text) => {
        assert.deepEqual(JSON.parse(written(text) ?? ''), JSON.parse(text));
      }),
      { numRuns: 50 },
    );
    assert.equal(written('{ "b" : [1.50, "x"], "a" : {} }'), '{"a":{},"b":[1.5,"x"]}');
  });

  test('keeps numbers of 16 digits and more as they are written, wherever they stand', () => {
    const numbers = [
      '12345678901234567890',
      '-0.12345678901234567',
      '1234567890.1234560',
      '1.234567890123456e-7',
    ];
    for (const number of numbers) {
      assert.ok(parseJson(number) instanceof LongNumber, number);
      assert.equal(written(`{"b":${number},"a":[ ${number} ]}`), `{"a":[${number}],"b":${number}}`);
    }
    assert.equal(written('[123456789012345e0,1.50e1]'), '[123456789012345,15]');
  });

  test('takes digits in strings and keys for text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('1234567890123456', '"1234567890123456', '\\', 's', 'n1'),
    );
    const digits = 1234567890123456n;
    fc.assert(
      fc.property(fc.dictionary(text, text), (value) => {
        const plain = JSON.stringify(value);
        assert.equal(written(plain), canonical(value));
        assert.equal(written(`[${digits},${plain}]`), `[${digits},${canonical(value)}]`);
      }),
    );
    assert.notEqual(written('[1234567890123456]'), written('["1234567890123456"]'));
    assert.notEqual(written('[1234567890123456]'), written('["n1234567890123456"]'));
  });

  test('is none of what is no JSON, however many digits it has', () => {
    for (const text of [
      '01234567890123456',
      '1234567890123456.',
      '12345678901234567a',
      '-',
      '"1234567890123456',
    ]) {
      assert.equal(parseJson(text), undefined, text);
    }
  });
});
