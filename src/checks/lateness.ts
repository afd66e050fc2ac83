import type { Evidence, Measured, ProbeStatus } from '../results/check/result.ts';
import type { Arrivals } from './arrivals.ts';
import { beatOf, quantile } from './bursts.ts';
import { tenthsOf } from './duration.ts';
import type { FaultId } from './faults/fault.ts';

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
  evidence: readonly Evidence[];
}

/** Judges what came through the proxy by what came directly: what is late there as well is the machine's doing. */
export function latenessOf(direct: Arrivals, proxied: Arrivals): Lateness {
  const lags = lagsOf(proxied);
  const transitMs = Math.min(...lags, Number.MAX_VALUE);
  if (lags.length < proxied.expected || cameAtTheEnd(proxied)) {
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
  if (status === 'pass') return { status, lateMs: later(MOST), transitMs, evidence: [] };
  const lateMs = later(NEARLY_ALL);
  const timerMs = holdOf(proxied) ?? beatOf(firstOfBursts(proxied).map(({ at }) => at));
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

export function lagsOf({ sentMs, arrivalsMs }: Arrivals): number[] {
  return arrivalsMs.map((at, index) => at - (sentMs[index] ?? at));
}

function spreadOf(values: readonly number[], share: number): number {
  return quantile(values, share) - Math.min(...values, Number.MAX_VALUE);
}

function statusOf(later: (share: number) => number): ProbeStatus {
  if (later(MOST) < LATE_MS) return 'pass';
  return later(NEARLY_ALL) > HELD_MS ? 'fail' : 'warn';
}

/** Not one came before the last had been sent. */
function cameAtTheEnd({ sentMs, arrivalsMs }: Arrivals): boolean {
  return (arrivalsMs[0] ?? 0) >= (sentMs.at(-1) ?? 0);
}

/**
 * Whether each came when the next was sent. They are sent unevenly: lags then follow what is between them, while the time
 * from the next one's sending stays the same. A busy machine makes many later still and none earlier: the earlier half tells.
 */
function isOneBehind(arrivals: Arrivals): boolean {
  const { sentMs, arrivalsMs } = arrivals;
  const lags = lagsOf(arrivals).slice(0, -1);
  if (quantile(lags, 0.5) < LATE_MS) return false;
  const behindNext = arrivalsMs.slice(0, -1).map((at, index) => at - (sentMs[index + 1] ?? at));
  const gaps = sentMs.slice(1).map((at, index) => at - (sentMs[index] ?? at));
  const uneven = Math.min(earlierSpread(lags), earlierSpread(gaps));
  return quantile(behindNext, FEW) > -2 && earlierSpread(behindNext) < uneven / 2;
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

/**
 * How long a timer holds batches that starts with the first event that it holds: that one waited as long in nearly all of
 * them. What is between batches then follows when that event was sent, and tells of no timer.
 */
function holdOf(arrivals: Arrivals): number | undefined {
  // The end lets the last one go.
  const holds = firstOfBursts(arrivals)
    .slice(0, -1)
    .map(({ lagMs }) => lagMs);
  const usual = quantile(holds, 0.5);
  if (holds.length < FEWEST_HOLDS || usual < LATE_MS) return undefined;
  const asUsual = holds.filter((ms) => Math.abs(ms / usual - 1) <= OFF_HOLD);
  return asUsual.length >= MOST_HOLDS * holds.length ? usual : undefined;
}

/** The first event of each batch: the others were sent before it was let go, and came with it. */
export function firstOfBursts({ sentMs, arrivalsMs }: Arrivals): { at: number; lagMs: number }[] {
  const firsts: { at: number; lagMs: number }[] = [];
  arrivalsMs.forEach((at, index) => {
    const sentAt = sentMs[index] ?? at;
    const batchAt = firsts.at(-1)?.at;
    if (batchAt === undefined || sentAt > batchAt || at - batchAt > LATE_MS)
      firsts.push({ at, lagMs: at - sentAt });
  });
  return firsts;
}
