import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { rowsText } from '../rows.ts';

/** Lines that are to be copied: never folded, as a terminal that breaks them still copies them whole, and indented as written. */
export function toCopyText(lines: string, palette: Palette): string {
  // Each is a row of its own: what goes on with another row loses its indentation.
  const rows = lines
    .split('\n')
    .map((line) => rowsText([['', escapeInline(line), palette.green]], palette, undefined));
  return rows.join('');
}
