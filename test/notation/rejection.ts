import assert from 'node:assert/strict';
import { InvalidValue } from '../../src/notation/invalid-value.ts';

/** Asserts that a value is refused, and that message and hint together say what the pattern asks for. */
export function assertInvalid(parse: () => unknown, pattern: RegExp): void {
  assert.throws(parse, (error: unknown) => {
    assert.ok(error instanceof InvalidValue, `threw ${String(error)}`);
    assert.match(`${error.message}\n${error.hint ?? ''}`, pattern);
    return true;
  });
}
