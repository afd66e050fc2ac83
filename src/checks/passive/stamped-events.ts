import type { Arrivals } from '../arrivals.ts';
import { type Lateness, latenessOf } from '../lateness.ts';
import type { Observation } from '../observation.ts';
import { arrivalsOf, cameTogether, piecesOf } from './same-events.ts';

/** Events that tell when they were made, and when they came. */
export interface Stamped {
  lateness: Lateness;
  arrivals: Arrivals;
}

const FEWEST_EVENTS = 5;
/** What was made this long before we asked was sent because we asked: a backlog. */
const BACKLOG_MS = 1_000;
/** A clock that is further off is not one of events that are made now. */
const MOST_OFF_MS = 3_600_000;
const MOST_SEARCHED = 4_096;

/** 2026-11-22T03:04:05.678Z, or milliseconds since 1970 of this century: only those that tell parts of a second. */
const STAMP = /\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,9}(?:Z|[+-]\d\d:?\d\d)|1[6-9]\d{11}|2\d{12})\b/;

/**
 * How late events come after the times that they carry, as far as one comes later than another: the clock that wrote them
 * need not be ours.
 *
 * @param wallAt the time of day at a moment of the monotonic clock, in milliseconds since 1970
 * @returns nothing where too few of them carry one
 */
export function stampedEvents(seen: Observation, wallAt: (at: number) => number): Stamped | undefined {
  const askedAt = wallAt(seen.sentAt ?? seen.startedAt);
  const stamped = seen.events.flatMap(({ at, data }) => {
    const stamp = stampIn(data);
    const isNow = stamp !== undefined && stamp >= askedAt - BACKLOG_MS && stamp - wallAt(at) < MOST_OFF_MS;
    return isNow ? [{ stamp, came: wallAt(at) }] : [];
  });
  if (stamped.length < FEWEST_EVENTS || !isRising(stamped.map(({ stamp }) => stamp))) return undefined;
  const offMs = Math.min(...stamped.map(({ stamp, came }) => came - stamp));
  const zero = stamped[0]?.stamp ?? 0;
  const sentMs = stamped.map(({ stamp }) => stamp - zero);
  const arrivalsMs = stamped.map(({ came }) => came - offMs - zero);
  if (piecesOf(sentMs) < FEWEST_EVENTS) return undefined;
  const arrivals = arrivalsOf(seen, sentMs, arrivalsMs);
  const lateness = latenessOf({ ...arrivals, arrivalsMs: sentMs }, arrivals);
  // Unless several come together, it is the stamps that are uneven.
  const isHeld = cameTogether(sentMs, arrivalsMs);
  if (lateness.status !== 'pass' && !isHeld) return undefined;
  return { lateness, arrivals };
}

function stampIn(data: string): number | undefined {
  const [text] = STAMP.exec(data.slice(0, MOST_SEARCHED)) ?? [];
  if (text === undefined) return undefined;
  const stamp = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(stamp) ? stamp : undefined;
}

function isRising(stamps: readonly number[]): boolean {
  return stamps.every((stamp, index) => index === 0 || stamp >= (stamps[index - 1] ?? stamp));
}
