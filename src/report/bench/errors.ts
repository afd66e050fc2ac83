import { escapeInline } from '../escape.ts';
import { formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { messageOf } from './error-message.ts';
import type { Section } from './section.ts';

/** Codes with a line of their own; the result file has them all. */
const SHOWN = 6;

/** Columns of a message that a server may have had a part in. */
const LONGEST_SAMPLE = 160;

/** What went wrong with attempts: each code, how often, and the first message of it. */
export const errorsSection: Section = ({ errors }, { palette, columns }) => {
  const frequent = errors.toSorted((a, b) => b.count - a.count);
  const rows = frequent.slice(0, SHOWN).map((error, index): Row => {
    const kind = `${formatCount(error.count)} × ${escapeInline(error.code)}`;
    return [index === 0 ? 'errors' : '', `${kind}: ${messageOf(error, LONGEST_SAMPLE)}`];
  });
  const more = frequent.slice(SHOWN);
  if (more.length > 0) {
    const count = more.reduce((sum, each) => sum + each.count, 0);
    rows.push(['', `${formatCount(count)} more, of ${more.length} other kinds: the result file has them`]);
  }
  return rowsText(rows, palette, columns);
};
