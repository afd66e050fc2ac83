import { displayWidth } from '../display-width.ts';
import { LABEL_WIDTH } from '../rows.ts';

const BETWEEN = ' · ';

/**
 * Items side by side, so many in a line as there is room for: a line ends between two of them.
 *
 * @param columns width of the terminal; `undefined`: all in one line
 */
export function listedText(items: readonly string[], columns: number | undefined): string {
  const room = (columns ?? Number.POSITIVE_INFINITY) - LABEL_WIDTH;
  const lines: string[] = [];
  for (const [at, item] of items.entries()) {
    const last = lines.at(-1);
    const longer = last === undefined ? item : `${last}${BETWEEN}${item}`;
    // A separator ends the line that another one follows.
    const end = at === items.length - 1 ? 0 : BETWEEN.trimEnd().length;
    if (last === undefined || displayWidth(longer) + end > room) lines.push(item);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(`${BETWEEN.trimEnd()}\n`);
}
