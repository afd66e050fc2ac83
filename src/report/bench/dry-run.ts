import type { Check, Preflight } from '../../bench/preflight/check.ts';
import type { BenchResult, PlanSummary } from '../../results/bench/result.ts';
import { escapeInline } from '../escape.ts';
import type { Paint } from '../palette.ts';
import { formatBytes, formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { planText, targetText } from './run.ts';
import type { ScreenOptions } from './section.ts';

/** A run that is not made: what it would be, and whether this machine has what it takes. */
export interface DryRun extends Pick<BenchResult, 'target' | 'targets'> {
  plan: PlanSummary;
  preflight: Preflight;
}

const LABELS: Readonly<Record<Check['id'], string>> = {
  descriptors: 'files',
  ports: 'ports',
  'source-addresses': 'sources',
  memory: 'memory',
  cpu: 'cpu',
  'target-cap': 'server',
};

/** What stands in front of a row that is not as it should be: colour alone would not tell. */
const MARKS: Readonly<Record<Check['status'], string>> = {
  ok: '',
  note: 'note: ',
  refused: 'not enough: ',
  'not-checked': 'not checked: ',
};

/** The text of `--dry-run`: the plan, and a row for each thing that it needs of the machine. */
export function dryRunText(run: DryRun, { palette, columns }: ScreenOptions): string {
  const { plan, preflight } = run;
  const paints: Readonly<Record<Check['status'], Paint | undefined>> = {
    ok: undefined,
    note: palette.yellow,
    refused: palette.red,
    'not-checked': palette.yellow,
  };
  const rows: Row[] = [
    ['target', targetText(run)],
    ['plan', planText(run)],
    ['streams', streamsText(plan)],
    ...preflight.checks.flatMap((check) => checkRows(check, paints[check.status])),
  ];
  const refused = preflight.refusals.length > 0;
  const verdict: Row = refused
    ? ['NO', 'this machine can not make that load: the run would not start', palette.red]
    : ['YES', 'this machine can make that load', palette.green];
  return rowsText([...rows, verdict], palette, columns);
}

function streamsText({ starts, peak }: PlanSummary): string {
  return `${formatCount(starts)} to start, at most ${formatCount(peak)} open at a time`;
}

function checkRows(check: Check, paint: Paint | undefined): Row[] {
  const { id, status, message, remedy } = check;
  const text = `${MARKS[status]}${figuresText(check)} · ${escapeInline(message)}`;
  const row: Row = paint === undefined ? [LABELS[id], text] : [LABELS[id], text, paint];
  return remedy === '' ? [row] : [row, ['', `→ ${escapeInline(remedy)}`]];
}

function figuresText({ need, have, unit }: Check): string {
  if (unit === 'bytes') {
    return have === null ? formatBytes(need) : `${formatBytes(need)} of ${formatBytes(have)}`;
  }
  return have === null
    ? `${formatCount(need)} ${unit}`
    : `${formatCount(need)} of ${formatCount(have)} ${unit}`;
}
