import { SseKitError } from '../../client/errors.ts';
import type { CheckResult } from '../../results/check/result.ts';
import { withVerdict } from '../../results/check/verdict.ts';
import { VERSION } from '../version.ts';

/** The exit code of what went wrong unforeseen. */
const OUR_OWN = 1;

/**
 * The result of a run that came to nothing: whoever reads files of runs is not to take an earlier one for this one.
 *
 * @param startedAt ISO 8601
 */
export function couldNotRun(
  error: unknown,
  { mode, target, startedAt }: Pick<CheckResult, 'mode' | 'target' | 'startedAt'>,
): CheckResult {
  return withVerdict({
    schema: 1,
    kind: 'check-proxy',
    tool: { name: 'ssekit', version: VERSION },
    ...{ target, mode, startedAt },
    durationMs: Math.max(0, Date.now() - Date.parse(startedAt)),
    path: { clientHttp: '1.1', hops: [], proxies: [] },
    results: [],
    skipped: [],
    interrupted: false,
    error: errorOf(error),
  });
}

function errorOf(error: unknown): NonNullable<CheckResult['error']> {
  if (!(error instanceof SseKitError)) return { code: 'UNEXPECTED', exit: OUR_OWN, message: String(error) };
  const { code, exitCode, message, hint } = error;
  return { code, exit: exitCode, message, ...(hint !== '' && { hint }) };
}
