import type { ErrorCount } from '../../results/bench/snapshot.ts';
import { cutEnd } from '../display-width.ts';
import { escapeInline } from '../escape.ts';

/**
 * What errors of one code say. The message kept is one of them, and its numbers need not be true of the others.
 *
 * @param columns for the message, which a server may have had a part in
 */
export function messageOf({ sample, varies }: ErrorCount, columns: number): string {
  const message = cutEnd(escapeInline(sample), columns);
  return varies === true ? `for example ${message}` : message;
}
