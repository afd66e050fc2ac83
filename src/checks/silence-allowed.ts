import type { Judgement } from './probe.ts';
import type { CheckOptions } from './way.ts';

/** Longer than any silence that people mean. */
const LONG = '1h';

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
  // A limit of 60 s may have been seen some milliseconds early.
  const everyMs = Math.floor((limitMs * 1.01) / 2_000) * 1_000;
  return {
    onlyIf: `only if the application writes at least every ${everyMs / 1_000} s, as a stream that is silent for ${Math.round(limitMs / 1_000)} s is cut; taken for granted: every ${heartbeatMs / 1_000} s. Where it may be silent for longer, --only idle --heartbeat ${LONG} tells what mends it`,
  };
}
