import assert from 'node:assert/strict';
import { SseKitError } from '../../../src/client/errors.ts';

/** Asserts what the user reads of a wrong flag: a usage error with exit code 2. */
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
