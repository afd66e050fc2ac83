import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { asOneBuffer } from '../reconciled/one-buffer.ts';

const TIMER: FaultId = 'buffer.timer';
const THRESHOLD: FaultId = 'buffer.threshold';
const LATE_HEAD: FaultId = 'buffer.headers';

/** A timer that holds a head holds events for no more than so many times as long. */
const AS_LONG = 2;
/** What tells of a timer how long it holds events. */
const SPANS = ['batchEveryMs', 'lagP95Ms'];

/** What several probes see of one thing that holds a stream is told as one fault. */
export function asOneHold(results: readonly ProbeResult[]): ProbeResult[] {
  return withHeadOfTimer(asOneBuffer(asBuffer(results)));
}

/**
 * What fills a buffer steadily makes it let go at regular times. Where the pieces are seen to have the size of one, that is
 * one fault: there is no second rate, as with an origin of ours, to tell it from a timer.
 */
function asBuffer(results: readonly ProbeResult[]): ProbeResult[] {
  const bySize = results.some(({ fault }) => fault === THRESHOLD);
  return results.map(
    (result): ProbeResult =>
      bySize && result.fault === TIMER
        ? { ...result, fault: THRESHOLD, evidence: result.evidence.filter(({ k }) => k !== 'batchEveryMs') }
        : result,
  );
}

/** The timer that holds events holds the head that comes with the first of them. */
function withHeadOfTimer(results: readonly ProbeResult[]): ProbeResult[] {
  const timed = results.filter(({ fault }) => fault === TIMER).flatMap(({ evidence }) => evidence);
  const periodMs = Math.max(0, ...timed.filter(({ k }) => SPANS.includes(k)).map(({ v }) => Number(v)));
  return results.map((result): ProbeResult => {
    const lateMs = Number(result.evidence.find(({ k }) => k === 'headLateMs')?.v ?? Number.NaN);
    if (result.fault !== LATE_HEAD || !(lateMs <= AS_LONG * periodMs)) return result;
    return {
      ...result,
      fault: TIMER,
      summary: `${result.summary}; the timer holds it that holds the events`,
    };
  });
}
