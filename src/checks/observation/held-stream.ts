import { setTimeout as delay } from 'node:timers/promises';
import { HiddenByFault, NotMeasurable, TooBusy } from '../not-measurable.ts';
import type { OriginScript, OriginStep } from '../origin/script.ts';
import { ONE_EVENT } from '../origin/script.ts';
import type { Visit } from '../origin/visit.ts';
import { watchVisits } from '../origin/watch-visits.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';
import { allEnded } from './all-ended.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { isProxysError } from './origins-answer.ts';

/** A stream that is to live so long, and what keeps it busy meanwhile. */
export interface Hold {
  lifeMs: number;
  /** Comments so often; absent: silence. */
  commentEveryMs?: number;
  /** `late`: no byte of an answer before the end of its life. */
  head?: 'late';
}

/** What became of it. */
export interface Held {
  /** From when its life counts; of one that was not cut, when it was asked for. */
  startedAtMs: number;
  /** Absent where it lived as long as it was to. */
  cut?: Cut;
}

interface Cut {
  /** How long it had lived by then, or been silent, as the origin counts. */
  afterMs: number;
  /** Since the client got its last byte; absent where none came. */
  silentMs?: number;
  /**
   * How long that was by the proxy's clock at least, and at most: its limit may count from when it got the request, or only
   * from when it had passed the first event on, which a busy machine has far apart. Both absent: `afterMs`.
   */
  leastMs?: number;
  mostMs?: number;
  /** Of the answer, where it had one. */
  status?: number;
  /** How the client saw it: `eof`, `reset`, `truncated`, `status`, …; `client`: not at all. */
  how: string;
}

/** What two of the same, begun one after the other, come to. */
export type Twins = readonly [Held, Held];

/** Behind the end of a life: what is on its way then arrives. */
const GRACE_MS = 3_000;
/** What a limit may differ by from one stream to the next: proxies look at their clocks every second or so. */
const DRIFT = { share: 0.1, leastMs: 250, mostMs: 1_500 };
/** A busy machine hears of a request when the proxy has given it up already. */
const LATE_VISIT_MS = 1_000;
/** No machine is so busy that a request takes longer to its origin. */
const MOST_THERE_MS = 5_000;
const NOT_ASKED = 'a stream that was to be held never reached the origin';
const [REQUEST_TIMEOUT, GATEWAY_TIMEOUT] = [408, 504];
/** How far two ages may differ, as a share of how far the ends were apart: of two that were cut at one moment it is all of it. */
const AS_OLD = 0.25;

/** Holds the same stream twice, the second begun `staggerMs` later: a limit cuts both, an accident one. */
export async function holdTwins(
  way: Way,
  hold: Hold,
  staggerMs: number,
  context: ProbeContext,
): Promise<Twins> {
  const later = async () => {
    await delay(staggerMs, undefined, { signal: context.signal });
    return holdStream(way, hold, context);
  };
  return allEnded([holdStream(way, hold, context), later()]);
}

async function holdStream(way: Way, hold: Hold, { pool, origin, signal }: ProbeContext): Promise<Held> {
  const { key, request } = scripted(way, scriptFor(hold));
  const seen = await observe(pool, request, { forMs: hold.lifeMs + GRACE_MS, signal });
  const { startedAt: startedAtMs, head, end } = seen;
  signal.throwIfAborted();
  if (isWhole(seen, hold)) return { startedAtMs };
  const status = head === undefined ? {} : { status: head.status };
  const how = end?.info.reason ?? 'client';
  const visits = await watchVisits(origin, key, {
    forMs: LATE_VISIT_MS,
    until: ({ length }) => length > 0,
    signal,
  });
  const [first] = visits;
  if (first === undefined) throw isGivenUp(seen) ? new TooBusy(NOT_ASKED) : new NotMeasurable(NOT_ASKED);
  if (end !== undefined && first.atMs - origin.clock.aheadMs > end.at)
    throw new TooBusy('this machine was too busy to hear of a request before the proxy gave it up');
  // Where the client was told nothing, the origin knows when the proxy gave it up.
  const left = how === 'client' ? visits.find((visit) => visit.end?.by === 'left')?.end : undefined;
  const givenUpAt = left === undefined ? Number.POSITIVE_INFINITY : left.atMs - origin.clock.aheadMs;
  const endedAt = Math.min(givenUpAt, end?.at ?? Number.POSITIVE_INFINITY);
  const fromMs = lifeFromMs(first, hold) - origin.clock.aheadMs;
  const lastAt = seen.reads.at(-1)?.at;
  const silent = lastAt === undefined ? {} : { silentMs: endedAt - lastAt };
  const afterMs = endedAt - fromMs;
  const [arrived] = isSilent(hold) ? seen.events : [];
  const passedOnMs = waitOf(fromMs, arrived?.at);
  // What came only when it was over was held back, and not on its way.
  const leastMs = passedOnMs < afterMs / 2 ? afterMs - passedOnMs : afterMs;
  const mostMs = afterMs + Math.min(MOST_THERE_MS, waitOf(seen.sentAt, fromMs));
  return { startedAtMs: fromMs, cut: { afterMs, leastMs, mostMs, ...silent, ...status, how } };
}

/** What the proxy waited for had not reached the origin by then: another time it may. */
function isGivenUp({ head, end }: Observation): boolean {
  return head === undefined
    ? end !== undefined && end.info.reason !== 'client'
    : head.status === REQUEST_TIMEOUT || head.status === GATEWAY_TIMEOUT;
}

function waitOf(fromMs: number | undefined, toMs: number | undefined): number {
  return fromMs === undefined || toMs === undefined ? 0 : Math.max(0, toMs - fromMs);
}

/** It is silent behind its first event. */
function isSilent({ head, commentEveryMs }: Hold): boolean {
  return head !== 'late' && commentEveryMs === undefined;
}

/**
 * From when a limit counts, by the origin's clock: from the request's arrival; where the stream is silent behind its event,
 * from when that was sent, which goes with the head. What a busy machine takes until then is nobody's limit.
 */
function lifeFromMs({ atMs, headAtMs }: Visit, hold: Hold): number {
  return isSilent(hold) ? (headAtMs ?? atMs) : atMs;
}

/** An event at either end of its life, and nothing but comments between them. */
function scriptFor({ lifeMs, commentEveryMs, head }: Hold): Pick<OriginScript, 'head' | 'steps'> {
  const life: OriginStep =
    commentEveryMs === undefined
      ? { do: 'wait', ms: lifeMs }
      : { do: 'comments', everyMs: commentEveryMs, forMs: lifeMs };
  return head === 'late'
    ? { head: 'with the body', steps: [life, ONE_EVENT] }
    : { steps: [ONE_EVENT, life, ONE_EVENT] };
}

/** The event at the end of its life came, whatever became of it then. */
function isWhole({ events }: Observation, { head }: Hold): boolean {
  return events.length >= (head === 'late' ? 1 : 2);
}

/** After how long both were cut, the shorter life of the two as far as both may have lived so long; absent where that isn't a limit. */
export function commonLimitMs([one, other]: Twins): number | undefined {
  if (one.cut === undefined || other.cut === undefined) return undefined;
  const [some, others] = [spanOf(one.cut), spanOf(other.cut)];
  const fromMs = Math.max(some.leastMs, others.leastMs);
  const toMs = Math.min(some.mostMs, others.mostMs);
  const shorterMs = Math.min(one.cut.afterMs, other.cut.afterMs);
  const mayDifferMs = Math.max(driftOf(fromMs), AS_OLD * endsApartMs([one, other]));
  return fromMs - toMs <= mayDifferMs ? Math.min(toMs, Math.max(fromMs, shorterMs)) : undefined;
}

function spanOf({ afterMs, leastMs = afterMs, mostMs = afterMs }: Cut): { leastMs: number; mostMs: number } {
  return { leastMs, mostMs };
}

/** Why nothing can be told of twins that were both given up in place of an answer that the origin had begun, however busy it was. */
export function givenUp([one, other]: Twins): HiddenByFault | undefined {
  const { status } = one.cut ?? {};
  if (status === undefined || !isProxysError(status) || other.cut?.status !== status) return undefined;
  return new HiddenByFault(
    `the proxy answered HTTP ${status} itself, however busy the stream was that the origin had begun`,
  );
}

/** Both were cut at one time of the day, however long they had lived: something was reloaded. */
export function cutTogether([one, other]: Twins): boolean {
  if (one.cut === undefined || other.cut === undefined || commonLimitMs([one, other]) !== undefined)
    return false;
  return endsApartMs([one, other]) <= DRIFT.leastMs;
}

function endsApartMs([one, other]: Twins): number {
  const endedAt = ({ startedAtMs, cut }: Held) => startedAtMs + (cut?.afterMs ?? 0);
  return Math.abs(endedAt(one) - endedAt(other));
}

/** What two lifetimes under one limit may differ by. */
export function driftOf(ms: number): number {
  return Math.min(DRIFT.mostMs, Math.max(DRIFT.leastMs, ms * DRIFT.share));
}
