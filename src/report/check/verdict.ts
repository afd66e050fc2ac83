import type { CheckResult } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import type { Paint, Palette } from '../palette.ts';
import { counted } from '../quantity.ts';
import { rowsText } from '../rows.ts';
import { type FaultFound, faultsFound } from './faults-found.ts';
import type { Section } from './section.ts';

/** What the run came to, in a line. */
export const verdictSection: Section = (result, { palette, columns }) => {
  const [word, text, tone] = verdictOf(result, palette);
  const loud: Paint = (part) => tone(palette.bold(part));
  return rowsText([[word, text, loud]], { ...palette, dim: loud }, columns);
};

/** The same for who sees the end of a long text: how much was found, and what weighs most. */
export const lastWordSection: Section = (result, { palette, columns, titleOf }) => {
  const found = faultsFound(result);
  const [first] = found;
  if (first === undefined) return '';
  const tone = first.status === 'fail' ? palette.red : palette.yellow;
  const loud: Paint = (part) => tone(palette.bold(part));
  const title = titleOf(first.fault);
  const what = escapeInline(first.fault) + (title === undefined ? '' : `, ${escapeInline(title)}`);
  const text = `${countsText(found)}: ${found.length === 1 ? '' : 'first '}${what}`;
  return rowsText([[first.status.toUpperCase(), text, loud]], { ...palette, dim: loud }, columns);
};

/** `2 faults and 1 warning` */
function countsText(found: readonly FaultFound[]): string {
  const fails = found.filter(({ status }) => status === 'fail').length;
  const warnings = found.length - fails;
  return [
    ...(fails > 0 ? [counted(fails, 'fault')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(' and ');
}

/** A look is not a check of everything, and says what it has not seen that cuts most streams. */
function lookedText({ mode, skipped }: CheckResult): string {
  if (mode !== 'passive') return '';
  const unseen = Object.entries({ idle: 'no silence', lifetime: 'no long life' })
    .filter(([probe]) => skipped.some((each) => each.probe === probe))
    .map(([, what]) => what);
  return ` as far as a look can tell${unseen.length === 0 ? '' : `, which has seen ${unseen.join(' and ')}`}`;
}

function verdictOf(result: CheckResult, palette: Palette): [word: string, text: string, tone: Paint] {
  const { results, skipped, durationMs, interrupted } = result;
  const unknown = skipped.length === 0 ? '' : `, ${skipped.length} not measured`;
  const run = `${counted(results.length, 'probe')} in ${formatDuration(durationMs)}${unknown}${interrupted ? ', interrupted' : ''}`;
  const found = faultsFound(result);
  const [first] = found;
  if (first !== undefined)
    return [
      first.status.toUpperCase(),
      `${countsText(found)}; ${run}`,
      first.status === 'fail' ? palette.red : palette.yellow,
    ];
  // What was not looked at is not known to be well.
  if (results.length === 0 && !interrupted) return ['–', `nothing could be measured; ${run}`, palette.yellow];
  if (interrupted) return ['–', `nothing found so far; ${run}`, palette.yellow];
  return ['PASS', `no fault found${lookedText(result)}; ${run}`, palette.green];
}
