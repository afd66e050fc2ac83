import type { Judgement } from './probe.ts';
import type { CheckOptions } from './ways/way.ts';

/** Longer than any silence that people mean. */
const LONG = '1h';

/** Proxies look at their clocks now and then, and streams begin a little after their requests. */
const EARLY = { share: 0.01, mostMs: 500 };

/** What a limit that was seen may be in truth: one of 30 s may be seen some milliseconds early. */
export function limitAtMostMs(seenMs: number): number {
  return seenMs + Math.min(EARLY.mostMs, seenMs * EARLY.share);
}

/**
 * A limit on silence that is wide enough for a heartbeat nobody has spoken of: many applications have none.
 *
 * @param limitMs how much of it is cut
 */
export function onlyIfNotSilent(
  limitMs: number,
  { heartbeatMs, isHeartbeatAssumed }: Pick<CheckOptions, 'heartbeatMs' | 'isHeartbeatAssumed'>,
): Pick<Judgement, 'onlyIf'> {
  if (!isHeartbeatAssumed) return {};
  const everyMs = Math.floor(limitAtMostMs(limitMs) / 2_000) * 1_000;
  return {
    onlyIf: `only if the application writes at least every ${everyMs / 1_000} s, as a stream that is silent for ${Math.round(limitMs / 1_000)} s is cut; taken for granted: every ${heartbeatMs / 1_000} s. Where it may be silent for longer, --only idle --heartbeat ${LONG} tells what mends it`,
  };
}
