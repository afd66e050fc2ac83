import type { Arrivals } from '../lateness/arrivals.ts';
import { type Lateness, latenessOf } from '../lateness/lateness.ts';
import type { Observation } from '../observation/observation.ts';
import { arrivalsOf, cameTogether, piecesOf } from './same-events.ts';
import { type SteadyLag, steadyLag, wayOf } from './steady-lag.ts';

/** Events that tell when they were made, and when they came. */
export interface Stamped {
  lateness: Lateness;
  arrivals: Arrivals;
  /**
   * The clock that wrote them is known by what came directly: how late they came is. Without that it is known of each how much
   * later it came than the soonest of them.
   */
  isClockKnown: boolean;
  /** All of them are late by the same. */
  steady?: SteadyLag['how'];
  /** The very same came directly, with the same times in them: no two clocks differ. */
  isMadeOnce: boolean;
}

const FEWEST_EVENTS = 5;
/** What was made this long before we asked was sent because we asked: a backlog. */
const BACKLOG_MS = 1_000;
/** A clock that is further off is not one of events that are made now. */
const MOST_OFF_MS = 3_600_000;
const MOST_SEARCHED = 4_096;
/** Sooner than directly by less than that is a busy machine's doing. */
const MOST_SOONER_MS = 50;

/** 2026-11-22T03:04:05.678Z, or milliseconds since 1970 of this century: only those that tell parts of a second. */
const STAMP = /\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,9}(?:Z|[+-]\d\d:?\d\d)|1[6-9]\d{11}|2\d{12})\b/;

/**
 * How late events come after the times that they carry. The clock that wrote them need not be ours: what it is off, those
 * tell that came directly; where there are none, it is told how much later one comes than another.
 *
 * @param wallAt the time of day at a moment of the monotonic clock, in milliseconds since 1970
 * @param straight the same stream, or one like it, directly
 * @returns nothing where too few of them carry one
 */
export function stampedEvents(
  seen: Observation,
  wallAt: (at: number) => number,
  straight?: Observation,
): Stamped | undefined {
  const stamped = stampsIn(seen, wallAt);
  if (stamped.length < FEWEST_EVENTS || !isRising(stamped)) return undefined;
  const own = straight === undefined ? [] : stampsIn(straight, wallAt);
  const [soonestMs, ownSoonestMs] = [soonestOf(stamped), soonestOf(own)];
  // Who is sooner than directly was sent by another server, of another clock.
  const isClockKnown =
    own.length >= FEWEST_EVENTS && isRising(own) && soonestMs - ownSoonestMs > -MOST_SOONER_MS;
  const offMs = isClockKnown ? Math.min(ownSoonestMs, soonestMs) : soonestMs;
  const sentMs = timesOf(stamped);
  if (piecesOf(sentMs) < FEWEST_EVENTS) return undefined;
  const arrivals = arrivalsOf(seen, sentMs, cameOf(stamped, offMs));
  const reference =
    isClockKnown && straight !== undefined
      ? arrivalsOf(straight, timesOf(own), cameOf(own, ownSoonestMs))
      : { ...arrivals, arrivalsMs: sentMs };
  const lateness = latenessOf(reference, arrivals);
  // Unless several come together, it is the stamps that are uneven.
  const isHeld =
    cameTogether(sentMs, arrivals.arrivalsMs) || (isClockKnown && lateness.fault === 'buffer.one-behind');
  if (lateness.status !== 'pass' && !isHeld) return undefined;
  const steady =
    lateness.status === 'pass' && isClockKnown && straight !== undefined
      ? steadyLag(arrivals, wayOf(seen, straight))
      : undefined;
  return {
    lateness: steady?.lateness ?? lateness,
    arrivals,
    isClockKnown,
    ...(steady !== undefined && { steady: steady.how }),
    isMadeOnce: isMadeOnce(stamped, own),
  };
}

interface Stamp {
  /** By the clock that wrote it, and by ours: milliseconds since 1970. */
  stamp: number;
  came: number;
  data: string;
}

function stampsIn(seen: Observation, wallAt: (at: number) => number): Stamp[] {
  const askedAt = wallAt(seen.sentAt ?? seen.startedAt);
  const stamps = seen.events.flatMap(({ at, data }) => {
    const stamp = stampIn(data);
    const isNow = stamp !== undefined && stamp >= askedAt - BACKLOG_MS && stamp - wallAt(at) < MOST_OFF_MS;
    return isNow ? [{ stamp, came: wallAt(at), data }] : [];
  });
  // Whole seconds, however they are written, tell nothing of parts of them.
  return stamps.every(({ stamp }) => stamp % 1_000 === 0) ? [] : stamps;
}

function soonestOf(stamps: readonly Stamp[]): number {
  return Math.min(...stamps.map(({ stamp, came }) => came - stamp));
}

/** From the first one's on. */
function timesOf(stamps: readonly Stamp[]): number[] {
  return stamps.map(({ stamp }) => stamp - (stamps[0]?.stamp ?? 0));
}

/** On that scale. */
function cameOf(stamps: readonly Stamp[], offMs: number): number[] {
  return stamps.map(({ came }) => came - offMs - (stamps[0]?.stamp ?? 0));
}

function stampIn(data: string): number | undefined {
  const [text] = STAMP.exec(data.slice(0, MOST_SEARCHED)) ?? [];
  if (text === undefined) return undefined;
  const stamp = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(stamp) ? stamp : undefined;
}

function isRising(stamps: readonly Stamp[]): boolean {
  return stamps.every(({ stamp }, index) => index === 0 || stamp >= (stamps[index - 1]?.stamp ?? stamp));
}

function isMadeOnce(stamps: readonly Stamp[], own: readonly Stamp[]): boolean {
  const there = new Set(own.map(({ data }) => data));
  return stamps.filter(({ data }) => there.has(data)).length >= FEWEST_EVENTS;
}
