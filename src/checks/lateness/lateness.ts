import type { Evidence, Measured, ProbeStatus } from '../../results/check/result.ts';
import { tenthsOf } from '../duration.ts';
import type { FaultId } from '../faults/fault.ts';
import type { Arrivals } from './arrivals.ts';
import { beatOf, quantile } from './bursts.ts';
import { gapsOf } from './gaps.ts';

/** Later than that, events are told apart from those that come at once. */
export const LATE_MS = 50;
/** Later than that, nobody takes them for live. */
export const HELD_MS = 500;

/**
 * So many events come no later: who holds events back holds most of them, while a busy machine makes one or two late, and
 * the slowest of 15 is any of these. It is other events along the other way, so that they don't cancel out.
 */
const MOST = 0.75;
/** … and nearly all: how late events come that are held. */
const NEARLY_ALL = 0.95;

/** When events were sent and came, by their turn. */
type Times = Pick<Arrivals, 'sentMs' | 'arrivalsMs'>;

/** How a proxy holds small events back. */
export interface Lateness {
  status: ProbeStatus;
  fault?: FaultId;
  /** How much later than directly most came, beside the time that every event takes; where they are held, nearly all. */
  lateMs: number;
  /** What every event takes: the way's length. */
  transitMs: number;
  /** Of the timer that holds them. */
  timerMs?: number;
  /** It holds each by itself, for as long, and gathers none. */
  eachAsLong?: true;
  evidence: readonly Evidence[];
}

/** Judges what came through the proxy by what came directly: what is late there as well is the machine's doing. */
export function latenessOf(direct: Arrivals, proxied: Arrivals): Lateness {
  const lags = lagsOf(proxied);
  const transitMs = Math.min(...lags, Number.MAX_VALUE);
  if (lags.length < proxied.expected || cameWhenAllWasSent(proxied)) {
    const cameAtAll = lags.length > 0;
    const missing = proxied.expected - lags.length;
    return {
      status: 'fail',
      fault: 'buffer.until-end',
      lateMs: cameAtAll ? quantile(lags, NEARLY_ALL) - quantile(lagsOf(direct), NEARLY_ALL) : 0,
      transitMs: 0,
      evidence: missing > 0 ? [{ k: 'eventsMissing', v: missing }] : [],
    };
  }
  if (isOneBehind(proxied)) {
    // As late as the next is far away, which no measurement sees the end of.
    return {
      status: 'fail',
      fault: 'buffer.one-behind',
      lateMs: quantile(lags, NEARLY_ALL) - quantile(lagsOf(direct), NEARLY_ALL),
      transitMs: 0,
      evidence: [],
    };
  }
  // A long way makes each event late by the same, which is no holding back.
  const later = (share: number) =>
    Math.max(0, quantile(lags, share) - transitMs - spreadOf(lagsOf(direct), share));
  const status = statusOf(later);
  if (status === 'pass') return eachHeld(proxied) ?? { status, lateMs: later(MOST), transitMs, evidence: [] };
  const lateMs = later(NEARLY_ALL);
  const timerMs = timerOf(firstOfBursts(proxied));
  return {
    status,
    fault: timerMs === undefined ? 'buffer.threshold' : 'buffer.timer',
    lateMs,
    transitMs,
    ...(timerMs !== undefined && { timerMs }),
    evidence: timerMs === undefined ? [] : [{ k: 'batchEveryMs', v: Math.round(timerMs) }],
  };
}

/** What points to how events are held back, where they are. */
export function evidenceOf({ fault, lateMs }: Lateness, { bursts }: Arrivals): Evidence[] {
  if (fault === undefined) return [];
  return [
    { k: 'bursts', v: bursts },
    { k: 'lagP95Ms', v: Math.round(lateMs) },
  ];
}

/** The figures of one way. */
export function measuredOf(arrivals: Arrivals): Measured {
  const lags = lagsOf(arrivals);
  return {
    events: lags.length,
    bursts: arrivals.bursts,
    lagP50Ms: lags.length === 0 ? null : tenthsOf(quantile(lags, 0.5)),
    lagP95Ms: lags.length === 0 ? null : tenthsOf(quantile(lags, 0.95)),
    framing: arrivals.framing,
    arrivalsMs: arrivals.arrivalsMs.map((ms) => tenthsOf(ms)),
  };
}

export function lagsOf({ sentMs, arrivalsMs }: Times): number[] {
  return arrivalsMs.map((at, index) => at - (sentMs[index] ?? at));
}

/** How long after the next was sent each came; there is none behind the last. */
export function behindNext({ sentMs, arrivalsMs }: Times): number[] {
  return arrivalsMs.slice(0, -1).map((at, index) => at - (sentMs[index + 1] ?? at));
}

function spreadOf(values: readonly number[], share: number): number {
  return quantile(values, share) - Math.min(...values, Number.MAX_VALUE);
}

function statusOf(later: (share: number) => number): ProbeStatus {
  if (later(MOST) < LATE_MS) return 'pass';
  return later(NEARLY_ALL) > HELD_MS ? 'fail' : 'warn';
}

/** Not one came before the last had been sent, nor as far apart as they were sent: that is only late. */
function cameWhenAllWasSent({ sentMs, arrivalsMs }: Arrivals): boolean {
  const [first = 0, last = 0] = [arrivalsMs[0], arrivalsMs.at(-1)];
  const sentForMs = sentMs.at(-1) ?? 0;
  return first >= sentForMs && last - first < sentForMs / 2;
}

/** A long way takes the head as long: what comes far later than that, each by the same, is held by itself. */
function eachHeld({ headLagMs, ...proxied }: Arrivals): Lateness | undefined {
  const lateMs = Math.min(...lagsOf(proxied)) - Math.max(0, headLagMs ?? Number.POSITIVE_INFINITY);
  if (lateMs <= HELD_MS) return undefined;
  const evidence = [{ k: 'eachHeldMs', v: Math.round(lateMs) }];
  return { status: 'fail', fault: 'buffer.timer', lateMs, transitMs: 0, eachAsLong: true, evidence };
}

/**
 * Whether each came when the next was sent. They are sent unevenly: lags then follow what is between them, while the time
 * from the next one's sending stays the same. A busy machine makes many later still and none earlier: the earlier half tells.
 */
export function isOneBehind(arrivals: Times): boolean {
  const lags = lagsOf(arrivals).slice(0, -1);
  if (quantile(lags, 0.5) < LATE_MS) return false;
  const behindMs = behindNext(arrivals);
  const uneven = Math.min(earlierSpread(lags), earlierSpread(gapsOf(arrivals.sentMs)));
  return quantile(behindMs, FEW) > -2 && earlierSpread(behindMs) < uneven / 2;
}

/** The first may have come with the head. */
const FEW = 0.1;

function earlierSpread(values: readonly number[]): number {
  return quantile(values, 0.5) - quantile(values, FEW);
}

/** By how much of the usual one a hold may differ, in so great a share of all. */
const OFF_HOLD = 0.15;
const MOST_HOLDS = 0.75;
const FEWEST_HOLDS = 3;

/** The period of a timer: whichever of the two kinds batches keep to more closely. */
function timerOf(batches: readonly Batch[]): number | undefined {
  // The end lets the last one go.
  const holds = batches.slice(0, -1).map(({ lagMs }) => lagMs);
  const times = batches.map(({ at }) => at);
  const [hold, beat] = [holdOf(holds), beatOf(times)];
  if (hold === undefined || beat === undefined) return hold ?? beat;
  const gaps = gapsOf(times.slice(0, -1));
  return offBeat(holds, hold) <= offBeat(gaps, beat) ? hold : beat;
}

/** By how much of a beat spans differ from being whole beats, on average. */
export function offBeat(spansMs: readonly number[], beatMs: number): number {
  const off = spansMs.map((ms) => Math.abs(ms / beatMs - Math.round(ms / beatMs)));
  return off.reduce((sum, each) => sum + each, 0) / Math.max(1, off.length);
}

/**
 * How long a timer holds batches that starts with the first event that it holds: that one waited as long in nearly all of
 * them. What is between batches then follows when that event was sent, and tells of no timer.
 */
function holdOf(holds: readonly number[]): number | undefined {
  const usual = quantile(holds, 0.5);
  if (holds.length < FEWEST_HOLDS || usual < LATE_MS) return undefined;
  const asUsual = holds.filter((ms) => Math.abs(ms / usual - 1) <= OFF_HOLD);
  return asUsual.length >= MOST_HOLDS * holds.length ? usual : undefined;
}

/** The first event of what was held and came together: when, and how long it had waited. */
export interface Batch {
  at: number;
  lagMs: number;
}

/** The first event of each batch: the others were sent before it was let go, and came with it. */
export function firstOfBursts({ sentMs, arrivalsMs }: Times): Batch[] {
  const firsts: Batch[] = [];
  arrivalsMs.forEach((at, index) => {
    const sentAt = sentMs[index] ?? at;
    const batchAt = firsts.at(-1)?.at;
    if (batchAt === undefined || sentAt > batchAt || at - batchAt > LATE_MS)
      firsts.push({ at, lagMs: at - sentAt });
  });
  return firsts;
}
