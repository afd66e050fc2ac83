import type { Arrivals } from '../lateness/arrivals.ts';
import { quantile } from '../lateness/bursts.ts';
import { behindNext, HELD_MS, LATE_MS, type Lateness, lagsOf } from '../lateness/lateness.ts';
import type { Observation } from '../observation/observation.ts';
import { sinceSent } from './stream-seen.ts';

/** Events that are all late by the same, where no long way explains it. */
export interface SteadyLag {
  /** Each comes when the next is sent, at an even pace; or each is held for as long. */
  how: 'one behind' | 'as long';
  lateness: Lateness;
}

/** What a machine takes to pass on the one before when the next has come. */
const BEHIND_NEXT_MS = { from: -5, to: 25 };
/** Events that are late by less beside their head are a busy machine's doing. */
const BEYOND_WAY_MS = LATE_MS / 2;
/** Those outside of it: the first may have come with the head, and a busy machine makes some late. */
const FEW = 0.1;

/**
 * A long way makes the head late as well, by there and back. What makes events late by more than it holds them.
 *
 * @param arrivals since each was sent, by a clock that is known
 * @param wayMs what the way may take
 */
export function steadyLag(arrivals: Arrivals, wayMs: number): SteadyLag | undefined {
  const lags = lagsOf(arrivals);
  const leastMs = Math.min(...lags, Number.MAX_VALUE);
  if (lags.length < 2 || leastMs - wayMs < BEYOND_WAY_MS || quantile(lags, FEW) < LATE_MS) return undefined;
  if (comeWithTheNext(arrivals)) return found('one behind', 'buffer.one-behind', quantile(lags, 0.95));
  if (leastMs - wayMs < HELD_MS) return undefined;
  return found('as long', 'buffer.timer', leastMs);
}

/** How much later than directly the head came: all that the way takes, there and back. */
export function wayOf(seen: Observation, straight: Observation): number {
  if (seen.head === undefined || straight.head === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, sinceSent(seen, seen.head.at) - sinceSent(straight, straight.head.at));
}

function comeWithTheNext(arrivals: Arrivals): boolean {
  const behindMs = behindNext(arrivals);
  const { from, to } = BEHIND_NEXT_MS;
  return quantile(behindMs, FEW) >= from && quantile(behindMs, 1 - FEW) <= to;
}

function found(how: SteadyLag['how'], fault: NonNullable<Lateness['fault']>, lateMs: number): SteadyLag {
  return { how, lateness: { status: 'fail', fault, lateMs, transitMs: 0, evidence: [] } };
}
