import type { Judgement, Probe } from '../probe.ts';
import type { CheckOptions } from '../ways/way.ts';
import type { WaySeen } from './stream-seen.ts';

/** What a probe finds out about a stream of somebody else's, by looking at it as any client. */
export interface PassiveProbe extends Pick<Probe, 'id' | 'title' | 'requirement'> {
  /** It has seen of a stream what it judges by with the first bytes of the body, or so long behind the head; absent: it looks on. */
  readonly enoughMs?: number;
  /** It judges by streams that were asked for with `Accept-Encoding`, too. */
  readonly compressed?: true;
  /**
   * Pure. Where there is no direct way, what is wrong may be the origin's own doing, and the summary says so.
   *
   * @throws NotMeasurable where these streams don't show it: what would
   */
  judge(
    seen: PassiveSeen,
    options: Pick<CheckOptions, 'heartbeatMs' | 'isHeartbeatAssumed'>,
  ): PassiveJudgement;
}

export interface PassiveSeen {
  proxied: WaySeen;
  direct?: WaySeen;
  /** What the time of day is ahead of this process's monotonic clock, in milliseconds. */
  wallAheadMs: number;
}

export interface PassiveJudgement extends Judgement {
  /** How many streams, or pairs of them, it is judged by. */
  runs: number;
}

/** What makes measurable what looking alone doesn't show. */
export { NEEDS_ORIGIN } from '../../results/check/needs.ts';
export const NEEDS_DIRECT = 'needs --direct URL';
/** There is nothing to judge. */
export const NO_STREAM = 'no head of a stream came';
/** Behind what was found without a direct way. */
export const WHOSE = 'by a proxy or by the origin itself: --direct URL tells which';
