import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { asOneBuffer } from '../one-buffer.ts';

const TIMER: FaultId = 'buffer.timer';
const THRESHOLD: FaultId = 'buffer.threshold';

/**
 * What fills a buffer steadily makes it let go at regular times. Where the pieces are seen to have the size of one, that is
 * one fault: there is no second rate, as with an origin of ours, to tell it from a timer.
 */
export function asOneHold(results: readonly ProbeResult[]): ProbeResult[] {
  const bySize = results.some(({ fault }) => fault === THRESHOLD);
  return asOneBuffer(results).map((result) =>
    bySize && result.fault === TIMER
      ? { ...result, fault: THRESHOLD, evidence: result.evidence.filter(({ k }) => k !== 'batchEveryMs') }
      : result,
  );
}
