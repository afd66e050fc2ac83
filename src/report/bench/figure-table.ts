import Table from 'cli-table3';
import type { Paint } from '../palette.ts';
import type { ScreenOptions } from './section.ts';

/** A column of figures. */
export interface FigureColumn {
  name: string;
  /** Columns of the terminal, without the space before it. */
  width: number;
}

export interface FigureRow {
  title: string;
  cells: readonly string[];
  paint?: Paint | undefined;
}

const INDENT = 2;

const plain: Paint = (text) => text;

/** Room for the titles of rows, the same in all tables of a screen: their figures stand under each other. */
export const TITLE_WIDTH = 22 + INDENT;

/** A heading with the names of columns, and rows below it: titles on the left, figures on the right. */
export function figureTable(
  heading: string,
  columns: readonly FigureColumn[],
  rows: readonly FigureRow[],
  { palette }: ScreenOptions,
): string {
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [TITLE_WIDTH, ...columns.map(({ width }) => width + 1)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
  });
  table.push([palette.bold(heading), ...columns.map(({ name }) => palette.dim(name))]);
  for (const { title, cells, paint = plain } of rows)
    table.push([paint(' '.repeat(INDENT) + title), ...cells.map(paint)]);
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

const BORDERS = ['top', 'bottom', 'left', 'right', 'mid'];
const CROSSINGS = [
  'top-mid',
  'top-left',
  'top-right',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left-mid',
  'mid-mid',
  'right-mid',
  'middle',
];

const NO_LINES = Object.fromEntries([...BORDERS, ...CROSSINGS].map((name) => [name, '']));
