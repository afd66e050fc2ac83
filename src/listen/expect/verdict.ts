import { SseKitError } from '../../client/errors.ts';
import type { ExpectationResult } from '../../results/sections.ts';
import { failed, type Outcome, type RunEnd } from '../outcome.ts';
import type { Expectation } from './expectation.ts';
import { LONGEST_REASON, shortened } from './judge.ts';

/** So many failed rules are named in the message; the list below it has all. */
const MOST_NAMED = 3;

/**
 * What a run comes to with its expectations: 10 where one failed, whatever else went wrong, but for an interruption and
 * for a file that couldn't be written. A status that was asked for by its number is no failure: `status<500` tells what
 * must not come, and nothing of what is wanted.
 */
export function outcomeWith(all: readonly Expectation[], outcome: Outcome, end: RunEnd): Outcome {
  if (end.by === 'signal' || end.by === 'pipe' || end.ownFailure !== undefined) return outcome;
  const broken = all.flatMap(({ result }) =>
    result?.pass === false && result.undecided !== true ? [result] : [],
  );
  if (broken.length > 0) return failed(expectationFailed(broken, all.length, causeOf(outcome, end)));
  if (wasAskedFor(all, end)) return { exitCode: 0, failure: undefined };
  const open = all.flatMap(({ result }) => (result?.undecided === true ? [result] : []));
  return open.length > 0 && outcome.failure === undefined ? failed(undecided(open)) : outcome;
}

/** What went wrong beside the rules. A run that was left for a rule has no failure of its own, but its last attempt may. */
function causeOf(outcome: Outcome, { close }: RunEnd): SseKitError | undefined {
  return outcome.failure ?? close?.error;
}

function wasAskedFor(all: readonly Expectation[], { close }: RunEnd): boolean {
  if (close?.reason !== 'status' && close?.reason !== 'no_content') return false;
  return all.some(
    ({ given: { rule } }) => rule.kind === 'status' && rule.op === '==' && rule.value === close.status,
  );
}

/** A recorded run was left too early for them: whoever asks must not take that for a yes. */
function undecided(open: readonly ExpectationResult[]): SseKitError {
  const message = `the recording ends before it is decided: ${namedIn(open)}`;
  return new SseKitError('EXPECTATION_UNDECIDED', 18, message, {
    hint: 'its run was interrupted; one that is left by -n or --for is judged for what it has',
  });
}

/** Rules, each with what was seen of it. */
function namedIn(results: readonly ExpectationResult[]): string {
  const named = results.slice(0, MOST_NAMED).map(({ rule, seen }) => `${shortened(rule, 80)} (${seen})`);
  if (results.length > MOST_NAMED) named.push(`and ${results.length - MOST_NAMED} more`);
  return named.join('; ');
}

function expectationFailed(
  broken: readonly ExpectationResult[],
  of: number,
  cause: SseKitError | undefined,
): SseKitError {
  const what = of === 1 ? 'the expectation failed' : `${broken.length} of ${of} expectations failed`;
  // A rule on the end has said it already.
  const told = broken
    .slice(0, MOST_NAMED)
    .some(({ seen }) => seen === shortened(cause?.message ?? '', LONGEST_REASON));
  const because = cause === undefined || told ? '' : `; ${cause.message}`;
  return new SseKitError('EXPECTATION_FAILED', 10, `${what}: ${namedIn(broken)}${because}`, {
    hint: cause?.hint,
    cause,
  });
}
