import type { ErrorCount } from '../../../results/bench/snapshot.ts';
import { formatCount } from '../../quantity.ts';
import { messageOf } from '../error-message.ts';
import { listed } from './wording.ts';

/** Why something failed, and how often. */
export interface Reason {
  text: string;
  count: number;
}

/** More are counted together: the errors below have them all. */
const MOST_NAMED = 3;

/** Columns of a message that a server may have had a part in. */
const LONGEST_MESSAGE = 80;

export function errorReasons(errors: readonly ErrorCount[]): Reason[] {
  return errors.map((error) => ({ text: messageOf(error, LONGEST_MESSAGE), count: error.count }));
}

/** The most frequent first, with how often each; one that is alone needs no count. */
export function reasonsText(reasons: readonly Reason[]): string {
  const frequent = reasons.toSorted((a, b) => b.count - a.count);
  const [only, ...others] = frequent;
  if (only === undefined || others.length === 0) return only?.text ?? '';
  const named = frequent.slice(0, MOST_NAMED);
  const more = frequent.slice(MOST_NAMED).reduce((sum, { count }) => sum + count, 0);
  const rest = more === 0 ? [] : [{ text: 'other errors', count: more }];
  return listed([...named, ...rest].map(({ text, count }) => `${text} (${formatCount(count)})`));
}
