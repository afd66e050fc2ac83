import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { FAULTS, faultNamed, flagsThatMeasure } from '../../../src/checks/faults/catalogue.ts';

describe('the catalogue of faults', () => {
  test('has each fault that a probe may name, once', () => {
    const source = readFileSync(new URL('../../../src/checks/faults/fault.ts', import.meta.url), 'utf8');
    const named = [...source.matchAll(/^ {2}\| '([^']+)'/gm)].map(([, id]) => id);
    assert.deepEqual(FAULTS.map(({ id }) => id).sort(), named.sort());
  });

  test('gives each a title without a full stop, a harm that ends with one, and a probe', () => {
    for (const { title, harm, probes } of FAULTS) {
      assert.match(title, /^[a-z].*[^.]$/);
      assert.match(harm, /^[A-Z].*\.$/);
      assert.ok(probes.length > 0);
    }
  });

  test('finds a fault by its name', () => {
    assert.equal(faultNamed('idle.cut')?.title, 'a quiet stream is cut');
    assert.equal(faultNamed('idle'), undefined);
  });

  test('says how to measure again', () => {
    assert.equal(flagsThatMeasure('truncation.masked'), '--only truncation');
    assert.equal(flagsThatMeasure('lifetime.cut'), '--only lifetime,idle --long');
  });
});
