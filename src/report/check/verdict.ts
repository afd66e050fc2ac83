import type { CheckResult } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import type { Paint, Palette } from '../palette.ts';
import { counted } from '../quantity.ts';
import { rowsText } from '../rows.ts';
import { faultsFound } from './faults-found.ts';
import type { Section } from './section.ts';

/** What the run came to, in a line. */
export const verdictSection: Section = (result, { palette, columns }) => {
  const [word, text, tone] = verdictOf(result, palette);
  const loud: Paint = (part) => tone(palette.bold(part));
  return rowsText([[word, text, loud]], { ...palette, dim: loud }, columns);
};

function verdictOf(result: CheckResult, palette: Palette): [word: string, text: string, tone: Paint] {
  const { results, durationMs, interrupted } = result;
  const run = `${counted(results.length, 'probe')} in ${formatDuration(durationMs)}${interrupted ? ', then interrupted' : ''}`;
  const found = faultsFound(result);
  const fails = found.filter(({ status }) => status === 'fail').length;
  const warnings = found.length - fails;
  const also = warnings === 0 ? '' : ` and ${counted(warnings, 'warning')}`;
  if (fails > 0) return ['FAIL', `${counted(fails, 'fault')}${also}; ${run}`, palette.red];
  if (warnings > 0) return ['WARN', `${counted(warnings, 'warning')}; ${run}`, palette.yellow];
  // What was not looked at is not known to be well.
  if (interrupted || results.length === 0) return ['–', `nothing found so far; ${run}`, palette.yellow];
  return ['PASS', `no fault found; ${run}`, palette.green];
}
