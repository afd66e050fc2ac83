import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULTS } from '../../../src/checks/faults/catalogue.ts';
import { explainFault } from '../../../src/checks/faults/explain.ts';

describe('the explanation of a fault', () => {
  test('has causes or something that the origin can do, for each', () => {
    for (const { id } of FAULTS) {
      const told = explainFault(id);
      assert.equal(told?.fault.id, id);
      assert.ok(told && told.atOrigin.length + told.causes.length > 0, id);
    }
  });

  test('begins with the commonest, and has each fix with its place and versions', () => {
    const told = explainFault('buffer.threshold');
    assert.equal(told?.causes[0]?.id, 'nginx.proxy_buffering');
    const hints = explainFault('early-hints.broken')?.causes.find(({ id }) => id === 'nginx.early_hints');
    assert.deepEqual(
      hints?.fixes.map(({ where }) => where),
      ['nginx < 1.29.0'],
    );
    assert.equal(told?.atOrigin[0]?.line, 'X-Accel-Buffering: no');
    assert.match(told?.verify ?? '', /^--only timing,threshold/);
  });

  test('has the address where a documented fix stands', () => {
    const told = explainFault('retry.repeated');
    const envoy = told?.causes.find(({ id }) => id === 'envoy.retry-policy');
    for (const { source } of envoy?.fixes ?? []) assert.match(source ?? '', /^https:/);
    assert.equal(envoy?.fixes.length, 2);
  });

  test('is none for a name that is no fault', () => {
    assert.equal(explainFault('buffer'), undefined);
  });
});
