import { displayWidth } from '../display-width.ts';
import { wrap } from '../wrap.ts';

const INDENT = 2;

/**
 * What a run is going to do: one line where there is room, else what it does stands below where.
 *
 * @param columns width of the terminal; `undefined`: nothing is folded
 */
export function openingText(where: string, what: string, columns: number | undefined): string {
  const line = `${where}: ${what}`;
  if (columns === undefined || displayWidth(line) <= columns) return `${line}\n`;
  return [`${where}:`, what]
    .flatMap((text) => wrap(text, columns - INDENT))
    .map((text, at) => `${' '.repeat(at === 0 ? 0 : INDENT)}${text}\n`)
    .join('');
}
