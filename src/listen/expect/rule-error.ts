import { type SseKitError, usageError } from '../../client/errors.ts';
import { shown } from '../../notation/scanner.ts';

/** Where all rules are told. */
const MANUAL = 'docs/expect.md has every rule, with examples.';

/** What is wrong with a rule, or with what it names. */
export function ruleError(rule: string, message: string, hint: string = MANUAL): SseKitError {
  return usageError(`--expect ${shown(rule)}: ${message}`, hint);
}
