import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { sampleJson } from '../../../src/mock/presets/llm/json-sample.ts';
import { seededRandom } from '../../../src/stats/random.ts';

const ajv = new Ajv.default({ strict: false, validateFormats: false, multipleOfPrecision: 9 });

describe('a value sampled from a schema', () => {
  const schemas: Record<string, object> = {
    'an object': {
      type: 'object',
      required: ['city', 'days'],
      properties: {
        city: { type: 'string', minLength: 3, maxLength: 9 },
        days: { type: 'integer', minimum: 1, maximum: 7 },
        share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        unit: { enum: ['c', 'f'] },
        tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
        when: { type: ['string', 'null'], format: 'date-time' },
        fixed: { const: 42 },
        nested: { type: 'object', properties: { deep: { type: 'boolean' } } },
      },
    },
    'a choice': { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    'a reference': {
      type: 'object',
      properties: { place: { $ref: '#/$defs/Place' } },
      $defs: { Place: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
    },
    'bounds without a whole number': { type: 'number', minimum: 0.2, maximum: 0.4 },
    'one whole number only': { type: 'integer', minimum: 1_000, maximum: 1_000 },
    'whole numbers between bounds that are left out': {
      type: 'integer',
      exclusiveMinimum: 0,
      exclusiveMaximum: 2,
    },
    'numbers below zero': { type: 'number', maximum: -5 },
    'multiples of five': { type: 'integer', multipleOf: 5 },
    'multiples between bounds': { type: 'number', multipleOf: 0.25, minimum: 0.3, maximum: 0.9 },
    'whole multiples of a fraction': { type: 'integer', multipleOf: 2.5, minimum: 1 },
    'an array without items': { type: 'array', items: { type: 'string' }, maxItems: 0 },
    'an array of many items': { type: 'array', items: { type: 'integer' }, minItems: 100 },
    'a tuple': {
      type: 'array',
      prefixItems: [{ type: 'integer' }, { type: 'boolean' }, { type: 'object' }],
      items: false,
      minItems: 3,
    },
    'the first of a tuple': { prefixItems: [{ const: 1 }, { const: 2 }], type: 'array', maxItems: 1 },
    'all of several': {
      allOf: [
        { $ref: '#/$defs/Named' },
        { type: 'object', required: ['size'], properties: { size: { type: 'integer', minimum: 3 } } },
        { properties: { size: { type: 'integer', maximum: 4 } } },
      ],
      required: ['place'],
      properties: { place: { type: 'boolean' } },
      $defs: { Named: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
    },
    'a choice beside other members': {
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: 'a' }, size: { type: 'integer' } },
      oneOf: [{ required: ['size'] }, { required: ['weight'] }],
    },
    'a required member that nothing describes': { type: 'object', required: ['other'] },
    'a member that must not be': { type: 'object', properties: { never: false } },
    'a long text': { type: 'string', minLength: 2_000 },
    'a short text, counted in characters': { type: 'string', minLength: 1, maxLength: 1 },
    'a list that links to itself': {
      type: 'object',
      required: ['next'],
      properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
    },
    'a tree': {
      type: 'object',
      required: ['name', 'children'],
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    },
    'a reference with escapes': {
      $ref: '#/$defs/a~1b',
      $defs: { 'a/b': { type: 'integer', minimum: 7 } },
    },
  };
  for (const [name, schema] of Object.entries(schemas)) {
    test(`fits ${name}`, () => {
      const valid = ajv.compile(schema);
      for (let seed = 0; seed < 50; seed += 1) {
        const value = sampleJson(schema, seededRandom(seed));
        assert.ok(valid(value), `${JSON.stringify(value)}: ${JSON.stringify(valid.errors)}`);
      }
    });
  }

  test('ends where a schema refers to itself', () => {
    const schema = { type: 'object', properties: { child: { $ref: '#' } } };
    assert.ok(JSON.stringify(sampleJson(schema, seededRandom(1))).length < 1_000);
    assert.equal(sampleJson({ $ref: '#/a', a: { $ref: '#/a' } }, seededRandom(1)), null);
  });

  const six = (member: object) => Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`p${n}`, member]));
  const self = { $ref: '#' };
  const nested = (levels: number): object =>
    levels === 0 ? { type: 'string' } : { type: 'array', minItems: 16, items: nested(levels - 1) };
  const large = {
    'six references to itself': { type: 'object', properties: six(self) },
    'six that are required': { type: 'object', required: Object.keys(six(self)), properties: six(self) },
    'lists of lists': nested(8),
    'a list without an end': { type: 'array', minItems: 1e9, items: { type: 'string' } },
    'lists of itself': { type: 'array', minItems: 16, items: self },
    'all of itself': { allOf: [self, self, { allOf: [self, { properties: six(self) }] }] },
    'choices of itself': { anyOf: [{ properties: six(self), required: ['p0', 'p1'] }, self] },
    'a large constant': {
      type: 'array',
      minItems: 1_000,
      items: { $ref: '#/$defs/large' },
      $defs: { large: { const: 'x'.repeat(10_000) } },
    },
    'long texts': { type: 'array', minItems: 1_000, items: { type: 'string', minLength: 1e9 } },
    'long names': {
      type: 'array',
      minItems: 1_000,
      items: { type: 'object', properties: { ['x'.repeat(10_000)]: { type: 'string' } } },
    },
  };
  for (const [name, schema] of Object.entries(large)) {
    test(`is of a bounded size for ${name}`, () => {
      assert.ok(JSON.stringify(sampleJson(schema, seededRandom(1))).length < 500_000);
    });
  }

  test('has as many members as the schema, without references', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`p${n}`, { type: 'boolean' }]),
    );
    const value = sampleJson({ type: 'object', properties }, seededRandom(1));
    assert.equal(Object.keys(value as object).length, 300);
  });

  test('makes something of what is no schema', () => {
    for (const wrong of [undefined, null, 7, 'text', [], { type: 7 }, { $ref: 'http://elsewhere' }]) {
      JSON.stringify(sampleJson(wrong, seededRandom(1)));
    }
  });
});
