import { constants } from 'node:os';
import type { BenchResult } from '../results/bench/result.ts';
import type { ErrorCount } from '../results/bench/snapshot.ts';

const BROKEN_RULE = 10;
const INVALID = 13;
const NO_EVENT = 52;

/** What of a result decides. */
export type Outcome = Pick<
  BenchResult,
  'ended' | 'verdict' | 'counts' | 'errors' | 'endings' | 'publish' | 'thresholds'
>;

/**
 * The exit code of a run, the strongest reason first: a signal ended it; its figures can't be trusted; no stream ever
 * received an event, or nothing could be published, which ends with the code of the most frequent error; a threshold
 * failed.
 *
 * @param signal the one that ended the run
 */
export function exitCodeOf(result: Outcome, signal: NodeJS.Signals = 'SIGINT'): number {
  const { ended, verdict, thresholds } = result;
  if (ended?.early === 'signal') return 128 + constants.signals[signal];
  if (verdict.status === 'INVALID') return INVALID;
  const failure = (result.counts.events === 0 ? failureOf(result) : 0) || publishFailure(result);
  if (failure !== 0) return failure;
  // A threshold ended it that might have held again in what came afterwards: it is lost all the same.
  const broken = ended?.early === 'threshold' || thresholds.some(({ pass }) => !pass);
  return broken ? BROKEN_RULE : 0;
}

/** Of a run without an event; 0: streams were held open in silence, which may be what was wanted. */
function failureOf({ counts, errors, endings }: Outcome): number {
  if (errors.length > 0) return mostFrequent(errors);
  const unanswered = counts.started > 0 && counts.opened === 0;
  return unanswered || endings.eof + endings.no_content > 0 ? NO_EVENT : 0;
}

/** 0: something was published, or nothing was to be. */
function publishFailure({ publish }: Outcome): number {
  return publish === undefined || publish.published > 0 ? 0 : mostFrequent(publish.errors);
}

/** The exit code of the most frequent error; 0 where there is none. */
function mostFrequent(errors: readonly ErrorCount[]): number {
  return errors.toSorted((one, other) => other.count - one.count)[0]?.exit ?? 0;
}
