import type { BenchResult, InvalidReason } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import type { Paint, Palette } from '../palette.ts';
import { formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { conclusion } from './conclusion.ts';
import { formatMeasured, formatShare } from './figures.ts';
import { lastedMs } from './lasted.ts';
import type { Section } from './section.ts';

const ENDED_EARLY = {
  signal: 'interrupted',
  threshold: 'ended by --abort-on-fail',
  invalid: 'ended because its figures could not be trusted any more',
} as const;

const TRUST = {
  VALID: 'the figures can be trusted: the load was made as planned',
  INVALID: "the figures can't be trusted",
} as const;

/** Whether the figures can be trusted, and what they say, in words. */
export const verdictSection: Section = (result, { palette, columns }) => {
  const { verdict, ended, counts } = result;
  const tone = verdict.status === 'VALID' ? palette.green : palette.red;
  const loud: Paint = (text) => tone(palette.bold(text));
  const early = ended === undefined ? '' : `; ${endText(ended, result)}`;
  const trust = counts.started === 0 ? 'there are no figures' : TRUST[verdict.status];
  const headline = rowsText([[verdict.status, trust + early, loud]], { ...palette, dim: loud }, columns);
  const rows = [
    ...verdict.reasons.flatMap((reason) => reasonRows(reason, palette)),
    ...conclusionRows(result, palette),
  ];
  return headline + rowsText(rows, palette, columns);
};

function endText({ early, atMs }: NonNullable<BenchResult['ended']>, result: BenchResult): string {
  if (early === 'invalid' && atMs === 0) return 'the run did not begin';
  return `${ENDED_EARLY[early]} after ${formatDuration(lastedMs(result))}`;
}

function reasonRows(reason: InvalidReason, palette: Palette): Row[] {
  const { code, figure, limit, unit, message, remedy } = reason;
  const limits = `${withUnit(figure, unit)}, the limit is ${withUnit(limit, unit)}`;
  return [
    ['', `${code}: ${escapeInline(message)} (${limits})`, palette.red],
    ['', `→ ${escapeInline(remedy)}`],
  ];
}

const SINGULAR: Readonly<Record<string, string>> = {
  addresses: 'address',
  workers: 'worker',
  processes: 'process',
  errors: 'error',
};

function withUnit(figure: number, unit: string): string {
  if (unit === 'ms') return formatMeasured(figure);
  if (unit === '%') return formatShare(figure / 100);
  const text = Number.isInteger(figure) ? formatCount(figure) : String(Number(figure.toPrecision(3)));
  return unit === '' ? text : `${text} ${figure === 1 ? (SINGULAR[unit] ?? unit) : unit}`;
}

/** What became of the streams has a row of its own: that figures can be trusted says nothing of what they say. */
function conclusionRows(result: BenchResult, palette: Palette): Row[] {
  if (result.counts.started === 0) return [];
  const doubt = result.verdict.status === 'VALID' ? '' : 'For what it is worth: ';
  const rows: Row[] = [['found', doubt + conclusion(result), toneOf(result, palette)]];
  const { thresholds, counts } = result;
  // Without an event the exit code tells of the failure anyhow.
  if (thresholds.length === 0 && counts.failedAttempts > 0 && counts.events > 0)
    rows.push(['', "No rule judges that: --threshold 'error_rate < 1%', for one, makes it an exit code."]);
  return rows;
}

/** Red where streams had nothing of what was wanted, yellow where something went wrong on the way. */
function toneOf({ counts }: BenchResult, { red, yellow }: Palette): Paint {
  if (counts.neverOpened + counts.failed > 0) return red;
  return counts.failedAttempts + counts.outages > 0 ? yellow : (text) => text;
}
