import type { MetricFigures } from '../../results/bench/result.ts';
import { samplesFor } from '../../results/quantiles.ts';
import type { Paint } from '../palette.ts';
import { formatCount } from '../quantity.ts';
import { figureTable, TITLE_WIDTH } from './figure-table.ts';
import { formatMeasured, formatQuantile, NO_FIGURE, QUANTILE_NAMES, type QuantileKey } from './figures.ts';
import { note } from './note.ts';
import type { ScreenOptions } from './section.ts';

/** A line of a table of durations. */
export interface DurationRow {
  title: string;
  figures: MetricFigures;
  /** What a section is mostly read for is bold, what only explains it dim. */
  weight?: 'headline' | 'detail';
}

type ColumnKey = 'count' | 'min' | 'mean' | 'max' | QuantileKey;

const FIGURE_WIDTH = 8;

/** From left to right. */
const COLUMNS: readonly ColumnKey[] = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'];

/** Which of them stay where there is no room for all. */
const MOST_WANTED: readonly ColumnKey[] = ['p50', 'p99', 'max', 'p90', 'p999', 'count', 'mean', 'min', 'p95'];

const QUANTILES: Readonly<Record<QuantileKey, number>> = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  p999: 0.999,
};

/** More than this is written in millions, to stay in its column. */
const LARGEST_COUNT = 9_999_999;

/** Durations in columns, as many as the terminal has room for; empty without rows. */
export function durationTable(heading: string, rows: readonly DurationRow[], options: ScreenOptions): string {
  if (rows.length === 0) return '';
  const shown = columnsFor(options.columns);
  return figureTable(
    heading,
    shown.map((key) => ({ name: nameOf(key), width: widthOf(key) })),
    rows.map((row) => ({
      title: row.title,
      cells: shown.map((key) => cellOf(row.figures, key)),
      paint: paintOf(row, options),
    })),
    options,
  );
}

/** What it would take for the quantiles that are missing from these rows; empty where none is. */
export function missingQuantiles(rows: readonly DurationRow[], options: ScreenOptions): string {
  const shown = columnsFor(options.columns).filter(isQuantile);
  const parts = shown.flatMap((key) => {
    const lacking = rows.filter(({ figures }) => figures.count > 0 && figures[key] === null);
    if (lacking.length === 0) return [];
    const needed = samplesFor(QUANTILES[key]);
    const demanded = lacking.every(({ figures }) => figures.count >= needed);
    return [`${QUANTILE_NAMES[key]} takes ${demanded ? 'what --min-samples asks for' : formatCount(needed)}`];
  });
  return parts.length === 0 ? '' : note(`${NO_FIGURE}: too few samples; ${parts.join(', ')}`, options);
}

function columnsFor(columns: number | undefined): ColumnKey[] {
  let room = (columns ?? Number.POSITIVE_INFINITY) - TITLE_WIDTH;
  const chosen = new Set<ColumnKey>();
  for (const key of MOST_WANTED) {
    room -= widthOf(key) + 1;
    if (room < 0) break;
    chosen.add(key);
  }
  return COLUMNS.filter((key) => chosen.has(key));
}

function widthOf(key: ColumnKey): number {
  return key === 'count' ? FIGURE_WIDTH + 1 : FIGURE_WIDTH;
}

function isQuantile(key: ColumnKey): key is QuantileKey {
  return Object.hasOwn(QUANTILES, key);
}

function nameOf(key: ColumnKey): string {
  return isQuantile(key) ? QUANTILE_NAMES[key] : key;
}

function cellOf(figures: MetricFigures, key: ColumnKey): string {
  if (key === 'count') return countText(figures.count);
  // Nothing but values that were cut short: a remark of the section tells of these.
  if (figures.count === 0) return NO_FIGURE;
  return isQuantile(key) ? formatQuantile(figures, key) : formatMeasured(figures[key]);
}

function countText(count: number): string {
  return count > LARGEST_COUNT ? `${(count / 1e6).toPrecision(4)}M` : formatCount(count);
}

function paintOf({ weight }: DurationRow, { palette }: ScreenOptions): Paint | undefined {
  if (weight === 'headline') return palette.bold;
  return weight === 'detail' ? palette.dim : undefined;
}
