import type { CheckResult, ProbeResult } from '../results/check/result.ts';
import type { Origin } from './origin/visit.ts';
import type { Probe } from './probe.ts';

/** A time that a verdict turns on is to be known at least so well: half of what lies on either side of it. */
const SHARE = 0.5;

/**
 * How far the clock of an origin on another machine is ahead of the time of day here.
 *
 * @param wallAheadMs what our time of day is ahead of our monotonic clock
 * @returns nothing for an origin on this machine, or where the run ended before both clocks were compared
 */
export function clockSeen({ remote, clock }: Origin, wallAheadMs: number): CheckResult['clock'] {
  const { aheadMs, uncertaintyMs } = clock;
  if (remote !== true || !Number.isFinite(uncertaintyMs)) return undefined;
  const microseconds = (ms: number) => Math.round(ms * 1e3) / 1e3;
  return { aheadMs: microseconds(aheadMs - wallAheadMs), uncertaintyMs: microseconds(uncertaintyMs) };
}

/** Marks what turns on a shorter time between the two machines than their clocks tell. */
export function limitedByClock(
  results: readonly ProbeResult[],
  probes: readonly Probe[],
  clock: CheckResult['clock'],
): ProbeResult[] {
  return results.map((result) => {
    const { betweenClocksMs } = probes.find(({ id }) => id === result.probe) ?? {};
    const isLimited =
      clock !== undefined && betweenClocksMs !== undefined && clock.uncertaintyMs > SHARE * betweenClocksMs;
    return isLimited ? { ...result, limitedByClock: true } : result;
  });
}
