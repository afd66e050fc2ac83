import type { CheckResult } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import type { Paint, Palette } from '../palette.ts';
import { counted } from '../quantity.ts';
import { rowsText } from '../rows.ts';
import { type FaultFound, faultsFound, isToMend } from './faults-found.ts';
import type { Section } from './section.ts';

/** What the run came to, in a line. */
export const verdictSection: Section = (result, { palette, columns }) => {
  const [word, text, tone] = verdictOf(result, palette);
  const loud: Paint = (part) => tone(palette.bold(part));
  return rowsText([[word, text, loud]], { ...palette, dim: loud }, columns);
};

/** The same for who sees the end of a long text: how much was found, and what weighs most. */
export const lastWordSection: Section = (result, { palette, columns, titleOf }) => {
  const found = faultsFound(result).filter(isToMend);
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
  const texts = Object.entries(NAMES).flatMap(([name, called]) => {
    const many = found.filter(({ status }) => status === name).length;
    return many > 0 ? [counted(many, called)] : [];
  });
  return [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter((text) => text !== '').join(' and ');
}

const NAMES: Readonly<Record<FaultFound['status'], string>> = {
  fail: 'fault',
  warn: 'warning',
  note: 'note',
};

/** A look is not a check of everything, and says what it has not seen that cuts most streams. */
function lookedText({ mode, skipped }: CheckResult): string | undefined {
  if (mode !== 'passive') return undefined;
  const unseen = Object.entries({ idle: 'no silence', lifetime: 'no long life' })
    .filter(([probe]) => skipped.some((each) => each.probe === probe))
    .map(([, what]) => what);
  return `as far as a look can tell${unseen.length === 0 ? '' : `, which has seen ${unseen.join(' and ')}`}`;
}

/** `7 probes in 42 s, 1 left out` */
function runText({ results, verdict, durationMs, interrupted }: CheckResult): string {
  const { notMeasured, leftOut } = verdict;
  return [
    `${counted(results.length, 'probe')} in ${formatDuration(durationMs)}`,
    ...(notMeasured > 0 ? [`${notMeasured} not measured`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(interrupted ? ['interrupted'] : []),
  ].join(', ');
}

/** `as far as measured: 8 of 20 probes in 42 s; 12 could not be measured` */
function partialText(result: CheckResult): string {
  const { results, verdict, durationMs } = result;
  const { notMeasured } = verdict;
  const share = `${results.length} of ${counted(results.length + notMeasured, 'probe')}`;
  return `${lookedText(result) ?? 'as far as measured'}: ${share} in ${formatDuration(durationMs)}; ${notMeasured} could not be measured`;
}

function verdictOf(result: CheckResult, palette: Palette): [word: string, text: string, tone: Paint] {
  const found = countsText(faultsFound(result));
  const run = runText(result);
  switch (result.verdict.status) {
    case 'fail':
      return ['FAIL', `${found}; ${run}`, palette.red];
    case 'warn':
      return ['WARN', `${found}; ${run}`, palette.yellow];
    // What was not looked at is not known to be well.
    case 'unknown':
      return ['–', `${unknownText(result)}; ${run}`, palette.yellow];
    case 'partial':
      return ['PASS', partialText(result), palette.yellow];
    case 'pass': {
      const looked = lookedText(result);
      const noted = found === '' ? '' : `; ${found}`;
      return [
        'PASS',
        `no fault found${looked === undefined ? '' : ` ${looked}`}${noted}; ${run}`,
        palette.green,
      ];
    }
  }
}

function unknownText({ interrupted }: CheckResult): string {
  return interrupted ? 'nothing found so far' : 'nothing could be measured';
}
