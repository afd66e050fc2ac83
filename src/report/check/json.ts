import type { CheckResult } from '../../results/check/result.ts';
import { escapeJson } from '../escape.ts';

/** The result as it is: one JSON object, for people to read too. */
export function checkJson(result: CheckResult): string {
  return `${escapeJson(JSON.stringify(result, null, 2))}\n`;
}
