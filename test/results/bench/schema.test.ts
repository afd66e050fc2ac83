import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { BENCH_RESULT_SCHEMA } from '../../../src/results/bench/schema.ts';
import { aResult, aTroubledResult } from '../../report/bench/results.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const validate = ajv.compile(BENCH_RESULT_SCHEMA);

const errorsOf = (value: unknown) =>
  validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

describe('the schema of the result', () => {
  it('takes results, with all that they may hold', () => {
    assert.deepEqual(errorsOf(aResult()), []);
    assert.deepEqual(
      errorsOf(aTroubledResult({ ended: { early: 'signal', atMs: 5 }, targets: ['a', 'b'] })),
      [],
    );
  });

  it('takes what is known of the host, and results from before it was looked for', () => {
    const { generator, series } = aResult();
    const withSteal = (steal: unknown, ofWindow: unknown) => ({
      ...aResult(),
      generator: { ...generator, steal },
      series: series.map((window) => ({ ...window, steal: ofWindow })),
    });
    assert.ok(!('steal' in generator) && !series.some((window) => 'steal' in window));
    assert.deepEqual(errorsOf(aResult()), []);
    assert.deepEqual(errorsOf(withSteal({ mean: 0.01, max: 0.4 }, 0.02)), []);
    assert.deepEqual(errorsOf({ ...withSteal({ mean: 0.01 }, 0.02) }), ['/generator/steal']);
    assert.ok(errorsOf(withSteal({ mean: 0.01, max: 0.4 }, '2 %')).includes('/series/0/steal'));
  });

  it('takes what newer versions add', () => {
    const result = aResult();
    const newer = { ...result, added: 1, counts: { ...result.counts, added: 1 } };
    assert.deepEqual(errorsOf({ ...newer, metrics: { ...result.metrics, new_metric: {} } }), []);
  });

  it('tells what is missing or of another kind, and where', () => {
    const { verdict: _, ...withoutVerdict } = aResult();
    assert.deepEqual(errorsOf(withoutVerdict), ['']);
    const result = aResult();
    assert.deepEqual(errorsOf({ ...result, counts: { ...result.counts, started: '400' } }), [
      '/counts/started',
    ]);
    assert.deepEqual(errorsOf({ ...result, verdict: { status: 'FINE', reasons: [] } }), ['/verdict/status']);
    const headers = { ...result.metrics.time_to_headers, p99: undefined };
    assert.deepEqual(errorsOf({ ...result, metrics: { ...result.metrics, time_to_headers: headers } }), [
      '/metrics/time_to_headers',
    ]);
  });
});
