import { isNote } from './note.ts';
import type { CheckResult, CheckVerdict } from './result.ts';

/** Without one of these it is not known whether a stream comes at all. */
const ESSENTIAL: ReadonlySet<string> = new Set(['timing', 'threshold', 'idle']);
/** What more than this share of could not be measured has not passed as a whole. */
const MOST_MISSED = 1 / 3;

/** The result with what it comes to. */
export function withVerdict(result: Omit<CheckResult, 'verdict'>): CheckResult {
  const { results, skipped, ...run } = result;
  // People read the JSON, too: it comes ahead of what is long.
  return { ...run, verdict: verdictOf(result), results, skipped };
}

/** What is left out by the user's wish weighs nothing; what could not be measured keeps a run from passing where it is much. */
function verdictOf({
  results,
  skipped,
  interrupted,
}: Pick<CheckResult, 'results' | 'skipped' | 'interrupted'>): CheckVerdict {
  const came = (status: string) => results.filter((each) => each.status === status).length;
  const missed = skipped.filter(({ leftOut }) => leftOut !== true);
  const tooMuch =
    missed.length > MOST_MISSED * (results.length + missed.length) ||
    missed.some(({ probe }) => ESSENTIAL.has(probe));
  const noted = results.filter(isNote).length;
  const [failed, warned] = [came('fail'), came('warn') - noted];
  const nothing = interrupted || results.length === 0 ? 'unknown' : tooMuch ? 'partial' : 'pass';
  return {
    status: failed > 0 ? 'fail' : warned > 0 ? 'warn' : nothing,
    passed: came('pass'),
    ...{ warned, noted, failed },
    notMeasured: missed.length,
    leftOut: skipped.length - missed.length,
  };
}
