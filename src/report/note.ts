import { wrap } from './wrap.ts';

/**
 * What the user of a run should know beside it.
 *
 * @param text a sentence, without a full stop
 * @param columns width of the terminal; `undefined`: one line
 */
export function noteText(text: string, columns: number | undefined): string {
  return wrap(`note: ${text}`, columns)
    .map((line) => `${line}\n`)
    .join('');
}
