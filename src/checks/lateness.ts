import type { Evidence, Measured, ProbeStatus } from '../results/check/result.ts';
import type { Arrivals } from './arrivals.ts';
import { beatOf, quantile } from './bursts.ts';
import { tenthsOf } from './duration.ts';
import type { FaultId } from './faults/fault.ts';

/** Later than that, events are told apart from those that come at once. */
export const LATE_MS = 50;
/** Later than that, nobody takes them for live. */
export const HELD_MS = 500;

/** How a proxy holds small events back. */
export interface Lateness {
  status: ProbeStatus;
  fault?: FaultId;
  /** How much later than directly, at the 95th percentile, beside the time that every event takes. */
  lateMs: number;
  /** What every event takes: the way's length. */
  transitMs: number;
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
      lateMs: cameAtAll ? quantile(lags, 0.95) - quantile(lagsOf(direct), 0.95) : 0,
      transitMs: 0,
      evidence: missing > 0 ? [{ k: 'eventsMissing', v: missing }] : [],
    };
  }
  if (isOneBehind(proxied)) {
    const lateMs = quantile(lags, 0.95) - quantile(lagsOf(direct), 0.95);
    return {
      status: statusOf(lateMs),
      ...(lateMs >= LATE_MS && { fault: 'buffer.one-behind' }),
      lateMs,
      transitMs: 0,
      evidence: [],
    };
  }
  // A long way makes each event late by the same, which is no holding back.
  const lateMs = Math.max(0, quantile(lags, 0.95) - transitMs - spreadOf(lagsOf(direct)));
  const status = statusOf(lateMs);
  if (status === 'pass') return { status, lateMs, transitMs, evidence: [] };
  const beatMs = beatOf(burstTimesOf(proxied));
  return {
    status,
    fault: beatMs === undefined ? 'buffer.threshold' : 'buffer.timer',
    lateMs,
    transitMs,
    evidence: beatMs === undefined ? [] : [{ k: 'batchEveryMs', v: Math.round(beatMs) }],
  };
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

function lagsOf({ sentMs, arrivalsMs }: Arrivals): number[] {
  return arrivalsMs.map((at, index) => at - (sentMs[index] ?? at));
}

function spreadOf(values: readonly number[]): number {
  return quantile(values, 0.95) - Math.min(...values, Number.MAX_VALUE);
}

function statusOf(lateMs: number): ProbeStatus {
  if (lateMs > HELD_MS) return 'fail';
  return lateMs >= LATE_MS ? 'warn' : 'pass';
}

/** Not one came before the last had been sent. */
function cameAtTheEnd({ sentMs, arrivalsMs }: Arrivals): boolean {
  return (arrivalsMs[0] ?? 0) >= (sentMs.at(-1) ?? 0);
}

/**
 * Whether each came when the next was sent. They are sent unevenly: lags then follow what is between them, while the time
 * from the next one's sending stays the same.
 */
function isOneBehind(arrivals: Arrivals): boolean {
  const { sentMs, arrivalsMs } = arrivals;
  const lags = lagsOf(arrivals).slice(0, -1);
  if (quantile(lags, 0.5) < LATE_MS) return false;
  const behindNext = arrivalsMs.slice(0, -1).map((at, index) => at - (sentMs[index + 1] ?? at));
  return Math.min(...behindNext) > -2 && spreadOf(behindNext) < spreadOf(lags) / 2;
}

/** When the pieces came that the events came in. */
function burstTimesOf({ arrivalsMs }: Arrivals): number[] {
  return arrivalsMs.filter((at, index) => index === 0 || at - (arrivalsMs[index - 1] ?? at) > 5);
}
