import { SseKitError } from '../client/errors.ts';

/** There is nothing that could be checked. */
const EXIT_CODE = 14;

/** @param details what to change, and what was behind it */
export function cannotRun(
  code: string,
  message: string,
  details: { hint?: string; cause?: unknown } = {},
): SseKitError {
  return new SseKitError(code, EXIT_CODE, message, details);
}
