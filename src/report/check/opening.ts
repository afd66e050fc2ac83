import { displayWidth } from '../display-width.ts';
import { fold } from '../fold.ts';

/** More than any target's URL takes on a narrow terminal. */
const MOST_LINES = 20;
const INDENT = 2;

/**
 * What a run is going to do: one line where there is room, else what it does stands below where.
 *
 * @param columns width of the terminal; `undefined`: nothing is folded
 */
export function openingText(where: string, what: string, columns: number | undefined): string {
  const line = `${where}: ${what}`;
  if (columns === undefined || displayWidth(line) <= columns) return `${line}\n`;
  const room = Math.max(2, columns - INDENT);
  return [`${where}:`, what]
    .flatMap((text) =>
      fold(text, room, MOST_LINES).lines.map(({ start, end }) => text.slice(start, end).trim()),
    )
    .map((text, at) => `${' '.repeat(at === 0 ? 0 : INDENT)}${text}\n`)
    .join('');
}
