import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorOf, failureOf } from '../../src/client/error-transfer.ts';
import { SseKitError } from '../../src/client/errors.ts';

const sent = (error: unknown) => errorOf(structuredClone(failureOf(error)));

describe('an error of another process', () => {
  test('keeps its words, its code and its places', () => {
    const details = { hint: 'Mend it.', places: ['a.yaml:1:2: no'] };
    const error = sent(new SseKitError('SCENARIO', 2, 'a.yaml: no', details));
    assert.ok(error instanceof SseKitError);
    const { code, exitCode, message, hint, places } = error;
    assert.deepEqual(
      { code, exitCode, message, hint, places },
      { code: 'SCENARIO', exitCode: 2, message: 'a.yaml: no', ...details },
    );
  });

  test('that is a fault of the program keeps its trace', () => {
    const original = new TypeError('x is not a function');
    const error = sent(original);
    assert.equal(error.message, 'x is not a function');
    assert.equal(error.stack, original.stack);
    assert.equal(error instanceof SseKitError, false);
  });

  test('may be anything that was thrown', () => {
    assert.equal(sent('a text').message, 'a text');
  });
});
