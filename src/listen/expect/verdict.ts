import { SseKitError } from '../../client/errors.ts';
import type { ExpectationResult } from '../../results/sections.ts';
import { failed, type Outcome, type RunEnd } from '../outcome.ts';
import { compares } from './comparison.ts';
import type { Expectation } from './expectation.ts';
import { LONGEST_REASON, shortened } from './judge.ts';

/** So many failed rules are named in the message; the list below it has all. */
const MOST_NAMED = 3;

/**
 * What a run comes to with its expectations: 10 where one failed, whatever else went wrong, but for an interruption and
 * for a file that couldn't be written. A status that was asked for is no failure.
 */
export function outcomeWith(all: readonly Expectation[], outcome: Outcome, end: RunEnd): Outcome {
  if (end.by === 'signal' || end.by === 'pipe' || end.ownFailure !== undefined) return outcome;
  const broken = all.flatMap(({ result }) =>
    result?.pass === false && result.undecided !== true ? [result] : [],
  );
  if (broken.length > 0) return failed(expectationFailed(broken, all.length, causeOf(outcome, end)));
  return wasAskedFor(all, end) ? { exitCode: 0, failure: undefined } : outcome;
}

/** What went wrong beside the rules. A run that was left for a rule has no failure of its own, but its last attempt may. */
function causeOf(outcome: Outcome, { close }: RunEnd): SseKitError | undefined {
  return outcome.failure ?? close?.error;
}

function wasAskedFor(all: readonly Expectation[], { close }: RunEnd): boolean {
  if (close?.reason !== 'status' && close?.reason !== 'no_content') return false;
  const { status = 0 } = close;
  return all.some(({ given: { rule } }) => rule.kind === 'status' && compares(status, rule.op, rule.value));
}

function expectationFailed(
  broken: readonly ExpectationResult[],
  of: number,
  cause: SseKitError | undefined,
): SseKitError {
  const named = broken.slice(0, MOST_NAMED).map(({ rule, seen }) => `${shortened(rule, 80)} (${seen})`);
  if (broken.length > MOST_NAMED) named.push(`and ${broken.length - MOST_NAMED} more`);
  const what = of === 1 ? 'the expectation failed' : `${broken.length} of ${of} expectations failed`;
  // A rule on the end has said it already.
  const told = broken
    .slice(0, MOST_NAMED)
    .some(({ seen }) => seen === shortened(cause?.message ?? '', LONGEST_REASON));
  const because = cause === undefined || told ? '' : `; ${cause.message}`;
  return new SseKitError('EXPECTATION_FAILED', 10, `${what}: ${named.join('; ')}${because}`, {
    hint: cause?.hint,
    cause,
  });
}
