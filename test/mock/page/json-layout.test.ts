import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { layOutJson } from '../../../src/mock/page/browser/json-layout.ts';

const laidOut = (text: string) =>
  layOutJson(text)
    ?.map((piece) => piece.text)
    .join('');

describe('JSON, laid out', () => {
  test('is indented, empty ones stay on their line', () => {
    assert.equal(
      laidOut('{"a":[1,{"b":null}],"c":{},"d":[]}'),
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    );
  });

  test('keeps every value as it was written', () => {
    assert.match(
      String(laidOut('{"n":12345678901234567890,"f":1.10,"e":1E+2}')),
      /12345678901234567890.*1\.10.*1E\+2/s,
    );
    assert.equal(laidOut('["\\u00e9\\"{[,:]}\\\\"]'), '[\n  "\\u00e9\\"{[,:]}\\\\"\n]');
  });

  test('tells keys, strings, numbers and words apart', () => {
    const kinds = layOutJson('{"k":"v","n":-1.5,"w":true}')?.filter(({ kind }) => kind !== 'layout');
    assert.deepEqual(
      kinds?.map(({ kind, text }) => `${kind} ${text}`),
      ['key "k"', 'string "v"', 'key "n"', 'number -1.5', 'key "w"', 'word true'],
    );
  });

  test('is left to what is an object or an array', () => {
    for (const text of ['1', '"a"', 'null', '', 'text', '{"a":', '[1,]', '{a:1}', '[DONE]']) {
      assert.equal(layOutJson(text), undefined, text);
    }
  });

  test('is for any value what JSON.stringify makes of it', () => {
    const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(value, (each) => {
        const text = JSON.stringify(each);
        assert.equal(laidOut(text), JSON.stringify(JSON.parse(text), undefined, 2));
      }),
    );
  });

  test('nested as deep as it is long grows in proportion', () => {
    const deep = 5_000;
    const text = '['.repeat(deep) + ']'.repeat(deep);
    assert.ok(String(laidOut(text)).length < text.length * 100);
  });
});
