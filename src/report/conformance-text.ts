import type { ConformanceResult, ConformanceRow } from '../mock/conformance/result.ts';
import { displayWidth, padEnd } from './display-width.ts';
import { formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import { fold } from './fold.ts';
import type { Paint, Palette } from './palette.ts';
import { counted } from './quantity.ts';

export interface ConformanceTextOptions {
  /** Width of the terminal; undefined: nothing is folded. */
  columns: number | undefined;
  palette: Palette;
}

type Words = Record<ConformanceRow['outcome'], string>;

const WORDS: Words = { pass: 'PASS', fail: 'FAIL', note: 'note', 'not-measured': 'not measured' };

const WORD_COLUMNS = Math.max(...Object.values(WORDS).map(displayWidth));

/** Between columns. */
const GAP = '  ';

/** From this width on, a row has one line; below, evidence stands under what it is for. */
const WIDE_COLUMNS = 130;

/** Evidence is cut behind so many lines. */
const MOST_LINES = 6;

/** The whole result for people: whose it is, a row a requirement, and last the verdict, as the end is what is seen. */
export function conformanceText(result: ConformanceResult, options: ConformanceTextOptions): string {
  const { columns, palette } = options;
  const wide = columns === undefined || columns >= WIDE_COLUMNS;
  const rows = result.rows.flatMap((row) => {
    const tone = toneOf(row.outcome, palette);
    return wide ? wideRow(row, result.rows, tone, options) : narrowRow(row, tone, columns, palette);
  });
  const lines = [
    ...foldTo(clientLine(result), columns).map(palette.bold),
    '',
    ...rows,
    '',
    ...foldTo(verdictLine(result), columns).map(verdictTone(result, palette)),
    ...foldTo(failedLine(result), columns),
    ...foldTo(adapterLine(result), columns),
  ];
  return `${lines.join('\n')}\n`;
}

function wideRow(
  { id, text, outcome, evidence }: ConformanceRow,
  all: readonly ConformanceRow[],
  tone: Paint,
  { columns, palette }: ConformanceTextOptions,
): string[] {
  const idColumns = widest(all.map((row) => row.id));
  const textColumns = widest(all.map((row) => row.text));
  const before = idColumns + textColumns + WORD_COLUMNS + 3 * GAP.length;
  const [first = '', ...more] = foldTo(
    escapeInline(evidence),
    columns === undefined ? undefined : columns - before,
  );
  const cells = [
    padEnd(id, idColumns),
    padEnd(text, textColumns),
    tone(padEnd(WORDS[outcome], WORD_COLUMNS)),
  ];
  return [
    `${cells.join(GAP)}${GAP}${palette.dim(first)}`.trimEnd(),
    ...more.map((line) => `${' '.repeat(before)}${palette.dim(line)}`),
  ];
}

function narrowRow(
  { id, text, outcome, evidence }: ConformanceRow,
  tone: Paint,
  columns: number,
  palette: Palette,
): string[] {
  const indent = ' '.repeat(WORD_COLUMNS + GAP.length);
  const left = Math.max(10, columns - indent.length);
  const [first = '', ...more] = foldTo(text, left);
  return [
    `${tone(padEnd(WORDS[outcome], WORD_COLUMNS))}${GAP}${first}`,
    ...more.map((line) => indent + line),
    ...foldTo(`${id}: ${escapeInline(evidence)}`, left).map((line) => indent + palette.dim(line)),
  ];
}

function clientLine({ client, evidence }: ConformanceResult): string {
  const { name, userAgent } = client;
  const who = [name, userAgent].filter((part) => part !== '').map(escapeInline);
  const how = {
    reports: 'with an adapter',
    wire: 'without an adapter: by its requests alone',
  };
  if (evidence === null) return 'Client conformance: no client came';
  return `Client conformance of ${who.join(', ') || 'a client without a name'}, ${how[evidence]}`;
}

function verdictLine({ counts, durationMs, ended }: ConformanceResult): string {
  const { pass, fail, note, notMeasured } = counts;
  const parts = [`${pass} passed`, `${fail} failed`];
  if (note > 0) parts.push(`${note} noted (the standard leaves it open)`);
  if (notMeasured > 0) parts.push(`${notMeasured} not measured`);
  const endings = {
    complete: '',
    left: '; the client went away before the end',
    stopped: '; stopped before the end',
    'no-client': '',
  };
  return `${verdictWord(counts, ended)}: ${parts.join(', ')}, in ${formatDuration(durationMs)}${endings[ended]}`;
}

function verdictWord({ pass, fail }: ConformanceResult['counts'], ended: ConformanceResult['ended']): string {
  if (fail > 0) return 'FAIL';
  if (ended !== 'complete') return 'UNFINISHED';
  return pass > 0 ? 'PASS' : 'NOTHING MEASURED';
}

/** What to look for in a table that is longer than the screen. */
function failedLine({ rows }: ConformanceResult): string {
  const failed = rows.filter(({ outcome }) => outcome === 'fail');
  if (failed.length === 0) return '';
  return `${counted(failed.length, 'row')} failed: ${failed.map(({ id }) => id).join(', ')}`;
}

function adapterLine({ evidence, counts }: ConformanceResult): string {
  if (evidence !== 'wire' || counts.notMeasured === 0) return '';
  return 'An adapter of ten lines lets the rest be measured: see docs/check-clients.md';
}

function verdictTone({ counts, ended }: ConformanceResult, palette: Palette): Paint {
  const word = verdictWord(counts, ended);
  if (word === 'FAIL') return palette.red;
  return word === 'PASS' ? palette.green : palette.yellow;
}

function toneOf(outcome: ConformanceRow['outcome'], palette: Palette): Paint {
  const tones = { pass: palette.green, fail: palette.red, note: palette.yellow, 'not-measured': palette.dim };
  return tones[outcome];
}

/** Lines of at most so many columns, without spaces at their ends; none for no text. */
function foldTo(text: string, columns: number | undefined): string[] {
  if (text === '') return [];
  if (columns === undefined) return [text];
  const { lines, cut } = fold(text, Math.max(2, columns), MOST_LINES);
  const folded = lines.map(({ start, end }) => text.slice(start, end).trimEnd());
  const last = folded.length - 1;
  if (cut) folded[last] = `${(folded[last] ?? '').slice(0, -1)}…`;
  return folded;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}
