import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sourceAt } from '../../src/listen/json-source.ts';
import { descend } from '../../src/notation/json-path.ts';

describe('the text of a part of JSON', () => {
  const found: [json: string, steps: (string | number)[], source: string | undefined][] = [
    ['{"t":12345678901234567890}', ['t'], '12345678901234567890'],
    ['{"t": 1.0 , "u": -0}', ['t'], '1.0'],
    [' [1e2, {"a": [ 1.50,\n"]}" ]}] ', [1, 'a'], '[ 1.50,\n"]}" ]'],
    [' 1.0\n', [], '1.0'],
    ['{"a":1,"a":2}', ['a'], '2'],
    ['{"a":{"b":1},"a":{}}', ['a', 'b'], undefined],
    ['{"\\u0061":1}', ['a'], '1'],
    ['{"a\\"":"\\\\","b\\\\":"\\\\\\""}', ['b\\'], '"\\\\\\""'],
    ['{"__proto__":1}', ['__proto__'], '1'],
    ['[1,2,3.0]', [-1], '3.0'],
    ['[1]', [-2], undefined],
    ['[]', [0], undefined],
    ['{}', ['a'], undefined],
    ['{"0":1}', [0], undefined],
    ['"a"', ['length'], undefined],
  ];
  for (const [json, steps, source] of found) {
    test(`${JSON.stringify(steps)} of ${json}`, () => assert.equal(sourceAt(json, steps), source));
  }

  test('is found however deeply it is nested', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    assert.equal(sourceAt(`{"a":${deep},"b":1.0}`, ['b']), '1.0');
    assert.equal(sourceAt(`{"a":${deep}}`, ['a']), deep);
  });

  test('is the text of the value that JSON.parse has there', () => {
    // Not a key of one backslash: after some other texts, JSON.parse of Node 24 takes "\u0061" for it.
    const key = fc.constantFrom('a', 'b', 'a"', 'b\\', '', '__proto__', '}');
    const spelt = key.chain((name) =>
      fc.constantFrom(JSON.stringify(name), JSON.stringify(name).replace('a', '\\u0061')),
    );
    const space = fc.constantFrom('', '', ' ', '\n\t', '\r ');
    const bare = fc.constantFrom('1.0', '-0', '1E+2', '12345678901234567890', 'true', 'false', 'null');
    const { json } = fc.letrec<{ json: string }>((tie) => {
      const spaced = fc.tuple(space, tie('json'), space).map((parts) => parts.join(''));
      const member = fc.tuple(space, spelt, space, spaced).map(([s, k, t, v]) => `${s}${k}${t}:${v}`);
      const inside = (items: fc.Arbitrary<string>) =>
        fc.tuple(fc.array(items, { maxLength: 4 }), space).map(([all, s]) => all.join(',') || s);
      return {
        json: fc.oneof(
          { depthSize: 'small' },
          bare,
          fc.constantFrom('"]"', '"}\\""', '"\\\\"', '"a,b"').map(String),
          inside(spaced).map((items) => `[${items}]`),
          inside(member).map((items) => `{${items}}`),
        ),
      };
    });
    const steps = fc.array(fc.oneof(key, fc.integer({ min: -3, max: 3 })), { maxLength: 3 });
    let parts = 0;
    fc.assert(
      fc.property(space, json, space, steps, (before, text, after, path) => {
        const whole = before + text + after;
        const value = path.reduce(descend, JSON.parse(whole) as unknown);
        const source = sourceAt(whole, path);
        assert.deepEqual(source === undefined ? undefined : JSON.parse(source), value);
        if (source === undefined) return;
        assert.ok(whole.includes(source) && source === source.trim());
        parts += 1;
      }),
      { numRuns: 1_000 },
    );
    assert.ok(parts > 100, `${parts} parts were found`);
  });
});
