import type {
  ComparedTiming,
  Comparison,
  ConnectionDifference,
  RecordedEvent,
  RunTiming,
  ToldDifference,
  ValueChange,
} from '../listen/diff/compare.ts';
import { cutEnd, displayWidth } from './display-width.ts';
import { formatDuration, formatElapsed } from './duration.ts';
import { escapeInline } from './escape.ts';
import { fold } from './fold.ts';
import type { Paint, Palette } from './palette.ts';
import { counted, formatCount } from './quantity.ts';
import { type Row, rowsText } from './rows.ts';

/** Where no terminal says how wide it is. */
const COLUMNS = 120;

/** Changes told of one event. */
const CHANGES_SHOWN = 8;

/** So many events that differ in the same way are no accident. */
const SEVERAL = 3;

/** Connections' differences told. */
const CONNECTIONS_SHOWN = 10;

/** Columns of an id, and of a name. */
const LONGEST_LABEL = 30;

/** What both sides of a change have in common at the left stays in sight up to so many columns. */
const CONTEXT = 12;

const INDENT = 4;

/** Of the verdict, on the narrowest terminal. */
const MAX_LINES = 10;

/** A side that has no such value. */
const MISSING = 'nothing';

/** In the order that they are counted in. */
const KINDS = ['changed', 'removed', 'added', 'moved', 'repeated'] as const;

export interface DiffView {
  comparison: Comparison;
  /** The first of the differences, as many as are to be shown. */
  shown: readonly ToldDifference[];
  palette: Palette;
  /** Width of the terminal; `undefined`: there is none. */
  columns: number | undefined;
}

/** A comparison for people: the verdict, where events and connections differ, and what else is to be known. */
export function diffText({ comparison, shown, palette, columns = COLUMNS }: DiffView): string {
  const { connections, counts } = comparison;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const paint = comparison.same ? palette.green : palette.yellow;
  const lines = folded(verdict(comparison, total), columns).map(paint);
  for (const difference of shown) lines.push(...differenceLines(difference, palette, columns));
  if (total > shown.length) {
    lines.push(
      palette.dim(`  and ${counted(total - shown.length, 'more difference')}; --format ndjson prints all`),
    );
  }
  const path = onlyPath(shown);
  if (path !== undefined) {
    const hint = `  only ${path} differs in these: --diff-ignore ${path} leaves it out`;
    lines.push(palette.dim(cutEnd(escapeInline(hint), columns)));
  }
  for (const each of connections.slice(0, CONNECTIONS_SHOWN))
    lines.push(...connectionLines(each, palette, columns));
  if (connections.length > CONNECTIONS_SHOWN) {
    lines.push(
      palette.dim(`  and ${formatCount(connections.length - CONNECTIONS_SHOWN)} more of connections`),
    );
  }
  return `${lines.join('\n')}\n${rowsText(factRows(comparison), palette, columns)}`;
}

function verdict({ events, counts, same, connections, retries, timing }: Comparison, total: number): string {
  if (same) return `the same ${counted(events.a, 'event')}; ${timingVerdict(timing)}`;
  const parts = [
    ...KINDS.flatMap((kind) => (counts[kind] === 0 ? [] : [`${formatCount(counts[kind])} ${kind}`])),
    ...(connections.length === 0 ? [] : [`${formatCount(connections.length)} in how it was sent`]),
    ...(retries === undefined ? [] : ['retry']),
  ];
  const all = total + connections.length + (retries === undefined ? 0 : 1);
  return `${counted(all, 'difference')}: ${parts.join(', ')}; ${counted(events.same, 'event')} the same`;
}

/** The one part in which several events differ: a time, or an id of each run's own, which hides what else there is. */
function onlyPath(shown: readonly ToldDifference[]): string | undefined {
  const changed = shown.filter(({ kind }) => kind === 'changed');
  const [path, ...others] = new Set(changed.flatMap(({ changes = [] }) => changes.map((each) => each.path)));
  const canBeIgnored = path === 'id' || /^data[.[]/.test(path ?? '');
  return changed.length >= SEVERAL && others.length === 0 && canBeIgnored ? path : undefined;
}

function timingVerdict({ gaps, firstEventDiffers, tolerance }: ComparedTiming): string {
  const [largest] = gaps.largest;
  if (largest !== undefined) {
    const by = formatDuration(Math.abs(largest.gapA - largest.gapB));
    return `timing differs: ${counted(gaps.beyond, 'gap')}, by up to ${by}`;
  }
  return firstEventDiffers
    ? 'timing differs: the time to the first event'
    : `the same timing, within ${toleranceText(tolerance, 'or')}`;
}

function toleranceText({ ms, share }: ComparedTiming['tolerance'], word: 'and' | 'or'): string {
  return `${formatDuration(ms)} ${word} ${share * 100} %`;
}

function folded(text: string, columns: number): string[] {
  return fold(text, columns, MAX_LINES).lines.map(({ start, end }) => text.slice(start, end).trimEnd());
}

function differenceLines(difference: ToldDifference, palette: Palette, columns: number): string[] {
  const { kind, a, b, changes = [], moved, of } = difference;
  const { cyan, green, red, yellow } = palette;
  switch (kind) {
    case 'removed':
      return oneSided('-', red, a, '', palette, columns);
    case 'added':
      return oneSided('+', green, b, '', palette, columns);
    case 'repeated': {
      const which = `  again, as #${formatCount(of ?? 0)}`;
      return a === undefined
        ? oneSided('+', green, b, which, palette, columns)
        : oneSided('-', red, a, which, palette, columns);
    }
    case 'moved':
      return [headLine('>', cyan, a, b, '  moved', columns)];
    case 'changed': {
      const head = headLine('~', yellow, a, b, moved === true ? '  moved and changed' : '', columns);
      const lines = changes.slice(0, CHANGES_SHOWN).flatMap((each) => changeLines(each, palette, columns));
      const more = changes.length - CHANGES_SHOWN;
      if (more > 0) lines.push(palette.dim(`${' '.repeat(INDENT)}and ${formatCount(more)} more`));
      return [head, ...lines];
    }
  }
}

function oneSided(
  mark: string,
  paint: Paint,
  event: RecordedEvent | undefined,
  further: string,
  palette: Palette,
  columns: number,
): string[] {
  const data = cutEnd(escapeInline(event?.data ?? ''), columns - INDENT);
  return [headLine(mark, paint, event, event, further, columns), `${' '.repeat(INDENT)}${palette.dim(data)}`];
}

/** `~ #3 → #4  order  id 3  at 0.120s → 0.131s`: both sides only where they differ. */
function headLine(
  mark: string,
  paint: Paint,
  a: RecordedEvent | undefined,
  b: RecordedEvent | undefined,
  further: string,
  columns: number,
): string {
  const both = (one: string, other: string) => (one === other ? one : `${one} → ${other}`);
  const label = (text = '') => cutEnd(escapeInline(text), LONGEST_LABEL);
  const number = both(`#${formatCount(a?.n ?? 0)}`, `#${formatCount(b?.n ?? 0)}`);
  const id = a?.id ?? b?.id;
  const parts = [
    number,
    label(a?.event),
    ...(id === undefined || id === '' ? [] : [`id ${label(id)}`]),
    `at ${both(formatElapsed(a?.t ?? 0), formatElapsed(b?.t ?? 0))}`,
  ];
  return paint(cutEnd(`${mark} ${parts.join('  ')}${further}`, columns));
}

function changeLines({ path, a, b }: ValueChange, palette: Palette, columns: number): string[] {
  const indent = ' '.repeat(INDENT);
  const name = cutEnd(escapeInline(path), columns - 2 * INDENT);
  return bothSides(name, a, b, palette, columns - INDENT).map((each) => indent + each);
}

function connectionLines(
  { conn, what, a, b }: ConnectionDifference,
  palette: Palette,
  columns: number,
): string[] {
  const place = conn === undefined ? '' : `connection ${formatCount(conn)}: `;
  const name = cutEnd(`~ ${place}${escapeInline(what)}`, columns);
  return bothSides(name, a, b, { ...palette, bold: palette.yellow }, columns);
}

/** On one line where there is room: `data.price  12.5 → 12.6`; else a line for each side. */
function bothSides(
  name: string,
  a: string | undefined,
  b: string | undefined,
  { red, green, dim, bold }: Palette,
  columns: number,
): string[] {
  const [one, other] = [a, b].map((side) => (side === undefined ? undefined : escapeInline(side)));
  if (displayWidth(`${name}  ${one ?? MISSING} → ${other ?? MISSING}`) <= columns) {
    const from = one === undefined ? dim(MISSING) : red(one);
    const to = other === undefined ? dim(MISSING) : green(other);
    return [`${bold(name)}  ${from} → ${to}`];
  }
  const start = commonStart(one ?? '', other ?? '');
  const side = (mark: string, paint: Paint, text: string | undefined) =>
    text === undefined ? [] : [paint(cutEnd(`${mark} ${from(text, start)}`, columns))];
  return [bold(name), ...side('-', red, one), ...side('+', green, other)];
}

/** Long texts are shown from shortly before the place where they differ. */
function from(text: string, start: number): string {
  return start <= 2 * CONTEXT ? text : `…${text.slice(start - CONTEXT)}`;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  // Not between the halves of a character.
  return at > 0 && /[\ud800-\udbff]/.test(a.charAt(at - 1)) ? at - 1 : at;
}

/** Facts that make no difference, a line each. */
function factRows({ retries, comments, timing, notes }: Comparison): Row[] {
  const rows: Row[] = [];
  if (retries !== undefined) {
    const list = (all: readonly number[]) =>
      all.length === 0
        ? 'none'
        : all.slice(0, 5).map(formatDuration).join(', ') + (all.length > 5 ? ', …' : '');
    rows.push(['retry', `${list(retries.a)} → ${list(retries.b)}`]);
  }
  rows.push(...timingRows(timing));
  if (comments.a !== comments.b) {
    rows.push(['comments', `${formatCount(comments.a)} → ${formatCount(comments.b)}`]);
  }
  return [...rows, ...notes.map((note): Row => ['note', escapeInline(note)])];
}

function timingRows({ a, b, gaps, tolerance }: ComparedTiming): Row[] {
  const rows: Row[] = [];
  const shift = (one: number | null | undefined, other: number | null | undefined) =>
    `${durationText(one)} → ${durationText(other)}`;
  if (a.firstEvent !== undefined || b.firstEvent !== undefined) {
    rows.push(['first', `event after ${shift(a.firstEvent, b.firstEvent)}`]);
  }
  if (a.gaps.count > 0 || b.gaps.count > 0) {
    rows.push(['gaps', quantilesText(a, b, shift)]);
  }
  if (gaps.beyond === 0) return rows;
  rows.push([
    '',
    `${formatCount(gaps.beyond)} of ${formatCount(gaps.compared)} differ by more than ${toleranceText(tolerance, 'and')}; the largest:`,
  ]);
  for (const { a: n, b: m, gapA, gapB } of gaps.largest) {
    const which = n === m ? `#${formatCount(n)}` : `#${formatCount(n)} → #${formatCount(m)}`;
    rows.push(['', `  before ${which}: ${shift(gapA, gapB)}`]);
  }
  return rows;
}

function quantilesText(
  a: RunTiming,
  b: RunTiming,
  shift: (one: number | null, other: number | null) => string,
) {
  const parts: string[] = [];
  if (a.gaps.p50 !== null || b.gaps.p50 !== null) parts.push(`p50 ${shift(a.gaps.p50, b.gaps.p50)}`);
  if (a.gaps.p99 !== null || b.gaps.p99 !== null) parts.push(`p99 ${shift(a.gaps.p99, b.gaps.p99)}`);
  return [...parts, `max ${shift(a.gaps.max, b.gaps.max)}`].join(' · ');
}

function durationText(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : formatDuration(ms);
}
