import { fold } from '../fold.ts';
import type { Paint } from '../palette.ts';
import type { ScreenOptions } from './section.ts';

const INDENT = '  ';

/** With less room a text is as wide as this all the same. */
const LEAST_WIDTH = 20;

const MOST_LINES = 10;

/** A remark below what it is about, folded; dim unless it is more than an explanation. */
export function note(text: string, { palette, columns }: ScreenOptions, paint: Paint = palette.dim): string {
  const width =
    columns === undefined ? Number.MAX_SAFE_INTEGER : Math.max(LEAST_WIDTH, columns) - INDENT.length;
  return fold(text, width, MOST_LINES)
    .lines.map(({ start, end }) => `${INDENT}${paint(text.slice(start, end).trim())}\n`)
    .join('');
}
