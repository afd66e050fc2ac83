import { displayWidth } from './display-width.ts';
import { WORD } from './own-commands.ts';

/**
 * Prose in lines of so many columns, broken at spaces alone. What is to be copied is never broken: a URL that is longer than a
 * line, or a command of ours, is left to the terminal, which copies it whole.
 *
 * @param columns `undefined`: one line
 */
export function wrap(text: string, columns: number | undefined): string[] {
  if (columns === undefined || displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(WORD)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
