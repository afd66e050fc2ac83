import { constants } from 'node:os';
import type { CheckResult, ProbeStatus } from '../results/check/result.ts';

const FOUND = 10;
const COULD_NOT_RUN = 14;

/** What a run fails by; `--strict` adds warnings. */
export function failingStatuses(strict: boolean): ReadonlySet<ProbeStatus> {
  return new Set<ProbeStatus>(strict ? ['fail', 'warn'] : ['fail']);
}

/**
 * The exit code of a run: a signal ended it; a fault was found; nothing could be measured at all.
 *
 * @param signal the one that ended the run
 */
export function exitCodeOf(
  { results, interrupted }: Pick<CheckResult, 'results' | 'interrupted'>,
  failing: ReadonlySet<ProbeStatus>,
  signal: NodeJS.Signals = 'SIGINT',
): number {
  if (interrupted) return 128 + constants.signals[signal];
  if (results.some(({ status }) => failing.has(status))) return FOUND;
  return results.length === 0 ? COULD_NOT_RUN : 0;
}
