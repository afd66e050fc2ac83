import type { NextAttempt } from '../../client/reconnect.ts';

/**
 * How long a stream waits for its next attempt, with the share of the wait that is drawn for it. A wait of our own gets
 * shorter by it. One that the server asked for, with `retry:` (HTML standard, 9.2.3) or Retry-After (RFC 9110, 10.2.3),
 * is a least one: it gets longer instead, and a backoff that grew out of it never falls below it.
 *
 * @param askedMs what `retry:` named
 * @param share from 0 to 1
 */
export function jitteredMs(
  { delayMs, cause }: Pick<Extract<NextAttempt, { kind: 'wait' }>, 'delayMs' | 'cause'>,
  askedMs: number | undefined,
  share: number,
): number {
  const leastMs = cause === 'retry-after' ? delayMs : Math.min(delayMs, askedMs ?? 0);
  return leastMs === delayMs ? delayMs * (1 + share) : Math.max(leastMs, delayMs * (1 - share));
}
