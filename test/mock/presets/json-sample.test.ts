import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { sampleJson } from '../../../src/mock/presets/llm/json-sample.ts';
import { seededRandom } from '../../../src/mock/random.ts';

const ajv = new Ajv.default({ strict: false, validateFormats: false });

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

  test('makes something of what is no schema', () => {
    for (const wrong of [undefined, null, 7, 'text', [], { type: 7 }, { $ref: 'http://elsewhere' }]) {
      JSON.stringify(sampleJson(wrong, seededRandom(1)));
    }
  });
});
