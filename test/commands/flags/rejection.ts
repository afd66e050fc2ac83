import assert from 'node:assert/strict';
import { SseKitError } from '../../../src/client/errors.ts';
import { InvalidValue } from '../../../src/commands/flags/invalid-value.ts';

/** Asserts that a value is refused, and that message and hint together say what the pattern asks for. */
export function assertInvalid(parse: () => unknown, pattern: RegExp): void {
  assert.throws(parse, (error: unknown) => {
    assert.ok(error instanceof InvalidValue, `threw ${String(error)}`);
    assert.match(`${error.message}\n${error.hint ?? ''}`, pattern);
    return true;
  });
}

/** The same for what the user reads in the end: a usage error with exit code 2. */
export async function assertUsageError(run: () => unknown, pattern: RegExp): Promise<void> {
  await assert.rejects(
    async () => run(),
    (error: unknown) => {
      assert.ok(error instanceof SseKitError, `threw ${String(error)}`);
      assert.equal(error.exitCode, 2);
      assert.match(`${error.message}\n${error.hint}`, pattern);
      return true;
    },
  );
}
