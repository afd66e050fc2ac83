import { constants } from 'node:os';
import { isNote } from '../results/check/note.ts';
import type { CheckResult, ProbeStatus } from '../results/check/result.ts';

const FOUND = 10;
const COULD_NOT_RUN = 14;
const TIMED_OUT = 28;

/** What ended a run before it was done. */
export type RunEnder = NodeJS.Signals | 'max-time';

/** What a run fails by; `--strict` adds warnings, but for those of what may do no harm. */
export function failingStatuses(strict: boolean): ReadonlySet<ProbeStatus> {
  return new Set<ProbeStatus>(strict ? ['fail', 'warn'] : ['fail']);
}

/**
 * The exit code of a run: it was ended before it was done; a fault was found; nothing could be measured at all.
 *
 * @param by what ended the run, where something did
 */
export function exitCodeOf(
  { results, interrupted }: Pick<CheckResult, 'results' | 'interrupted'>,
  failing: ReadonlySet<ProbeStatus>,
  by: RunEnder = 'SIGINT',
): number {
  if (interrupted) return by === 'max-time' ? TIMED_OUT : 128 + constants.signals[by];
  if (results.some((each) => failing.has(each.status) && !isNote(each))) return FOUND;
  return results.length === 0 ? COULD_NOT_RUN : 0;
}
