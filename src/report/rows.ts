import { fold } from './fold.ts';
import type { Paint, Palette } from './palette.ts';

/** Room for the labels, with the indent before and the space after them. */
export const LABEL_WIDTH = 12;

/** With less room beside its label, a text stands below it. */
const LEAST_TEXT_WIDTH = 20;

const INDENT = 2;

/** A figure takes no more lines than this, on the narrowest terminal. */
const MAX_LINES = 20;

const plain: Paint = (text) => text;

/**
 * A line of a closing text; the label is empty where the line goes on with what stands above it. What is painted is
 * painted line by line, after the folding.
 */
export type Row = [label: string, text: string, paint?: Paint];

/**
 * Labels in a column, texts beside them, folded under themselves; below them where there is little room.
 * @param columns width of the terminal; `undefined`: nothing is folded
 */
export function rowsText(rows: readonly Row[], palette: Palette, columns: number | undefined): string {
  const room = (columns ?? Number.POSITIVE_INFINITY) - LABEL_WIDTH;
  return rows
    .map((row) =>
      room < LEAST_TEXT_WIDTH ? below(row, room + LABEL_WIDTH - INDENT, palette) : beside(row, room, palette),
    )
    .join('');
}

function beside([label, text, paint = plain]: Row, room: number, palette: Palette): string {
  return folded(text, room)
    .map((line, index) => {
      const cell = `${' '.repeat(INDENT)}${(index === 0 ? label : '').padEnd(LABEL_WIDTH - INDENT)}`;
      return `${palette.dim(cell)}${paint(line)}\n`;
    })
    .join('');
}

function below([label, text, paint = plain]: Row, room: number, palette: Palette): string {
  const head = label === '' ? '' : `${palette.dim(label)}\n`;
  return (
    head +
    folded(text.trimStart(), room)
      .map((line) => `${' '.repeat(INDENT)}${paint(line)}\n`)
      .join('')
  );
}

/** A text in lines of so many columns, without the spaces that it was broken at. */
export function folded(text: string, room: number): string[] {
  return fold(text, room, MAX_LINES).lines.map(({ start, end }) => {
    const line = text.slice(start, end).trimEnd();
    // A line that was broken behind a comma leaves its space to the next.
    return start === 0 ? line : line.trimStart();
  });
}
