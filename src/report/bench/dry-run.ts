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

/** What a note on it threatens. */
const DOUBTS: Readonly<Record<Check['id'], string>> = {
  descriptors: 'open files may run out',
  ports: 'local ports may run out, or be found too slowly',
  'source-addresses': 'not all source addresses are sure to work',
  memory: 'memory may run out',
  cpu: 'its figures will likely not be valid',
  'target-cap': 'the server will likely not hold it',
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
  return rowsText([...rows, answerRow(preflight, palette)], palette, columns);
}

/** Whether the run could be: what is noted does not keep it from starting, but most likely from being what was asked for. */
function answerRow({ checks, refusals }: Preflight, palette: ScreenOptions['palette']): Row {
  if (refusals.length > 0) {
    return ['NO', 'this machine can not make that load: the run would not start', palette.red];
  }
  const doubts = [...new Set(checks.filter(({ status }) => status === 'note').map(({ id }) => DOUBTS[id]))];
  if (doubts.length > 0) return ['MAYBE', `the run would start, but ${doubts.join('; ')}`, palette.yellow];
  const unknown = checks.some(({ status }) => status === 'not-checked');
  return [
    'YES',
    `${unknown ? 'as far as this system tells, ' : ''}this machine can make that load`,
    palette.green,
  ];
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
