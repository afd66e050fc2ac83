import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CHECK_RESULT_SCHEMA } from '../../../src/results/check/schema.ts';
import { aPass, aResult, aTroubledResult } from '../../report/check/results.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const validate = ajv.compile(CHECK_RESULT_SCHEMA);

const errorsOf = (value: unknown) =>
  validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

describe('the schema of the result of check-proxy', () => {
  it('takes results, with all that they may hold', () => {
    assert.deepEqual(errorsOf(aResult()), []);
    assert.deepEqual(errorsOf(aTroubledResult({ interrupted: true })), []);
    const { origin: _, ...withoutOrigin } = aResult();
    assert.deepEqual(errorsOf(withoutOrigin), []);
  });

  it('takes what newer versions add', () => {
    assert.deepEqual(errorsOf({ ...aResult(), added: 1 }), []);
  });

  it('tells what is missing or of another kind, and where', () => {
    const { results: _, ...without } = aResult();
    assert.deepEqual(errorsOf(without), ['']);
    const results = [{ ...aPass('timing'), status: 'maybe', proxied: { lags: ['1'] } }];
    assert.deepEqual(errorsOf({ ...aResult(), results }), ['/results/0/status', '/results/0/proxied/lags/0']);
    const path = { ...aResult().path, guess: { name: 'nginx', confidence: 2, because: [] } };
    assert.deepEqual(errorsOf({ ...aResult(), path }), ['/path/guess/confidence']);
  });
});
