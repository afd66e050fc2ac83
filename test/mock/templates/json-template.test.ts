import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileJsonTemplate } from '../../../src/mock/templates/json-template.ts';
import type { TemplateError } from '../../../src/mock/templates/template.ts';
import { fakeRequest, scope } from './scope.ts';

const unexpected = (_: unknown, error: TemplateError) => assert.fail(error.message);
const rendered = (value: unknown, parts: Parameters<typeof scope>[0] = {}) =>
  compileJsonTemplate(value, {}, unexpected).render(scope(parts));

describe('a value with placeholders', () => {
  test('is written as JSON, with what is filled in quoted', () => {
    const request = fakeRequest({ query: `user=${encodeURIComponent('"O\'Neil"\n')}` });
    const text = rendered(
      { user: '{{query.user}}', hello: 'Hi {{query.user}}!', list: [1, null, true] },
      { request },
    );
    assert.deepEqual(JSON.parse(text), {
      user: '"O\'Neil"\n',
      hello: 'Hi "O\'Neil"\n!',
      list: [1, null, true],
    });
  });

  test('keeps what one placeholder stands for', () => {
    const body = { tags: ['a'], deep: { x: null } };
    const value = {
      n: '{{n}}',
      text: '{{n}} of 9',
      all: '{{body.deep}}',
      tags: '{{body.tags}}',
      gone: '{{body.y}}',
    };
    assert.equal(
      rendered(value, { n: 3, body }),
      '{"n":3,"text":"3 of 9","all":{"x":null},"tags":["a"],"gone":""}',
    );
  });

  test('takes every key for a key', () => {
    const value = JSON.parse('{"__proto__":{"a":"{{n}}"}}');
    assert.equal(rendered(value), '{"__proto__":{"a":1}}');
  });

  test('knows whether it ever changes, and whether it needs the body', () => {
    const facts = (value: unknown) => {
      const { constant, needsBody } = compileJsonTemplate(value, {}, unexpected);
      return { constant, needsBody };
    };
    assert.deepEqual(facts({ a: ['x', 1] }), { constant: true, needsBody: false });
    assert.deepEqual(facts({ a: ['{{body.x}}', 1] }), { constant: false, needsBody: true });
    assert.equal(rendered({ a: ['x', 1] }), '{"a":["x",1]}');
  });

  test('tells each wrong placeholder with its path', () => {
    const told: string[] = [];
    compileJsonTemplate({ a: ['{{x}}', { b: '{{n}}{{y}}' }] }, {}, (path, { placeholder }) => {
      told.push(`${path.join('.')} ${placeholder}`);
    });
    assert.deepEqual(told, ['a.0 {{x}}', 'a.1.b {{y}}']);
  });
});
