import type { ProbeResult } from '../results/check/result.ts';
import type { FaultId } from './faults/fault.ts';

const UNTIL_END: FaultId = 'buffer.until-end';
const THRESHOLD: FaultId = 'buffer.threshold';

/**
 * Small events wait for the end of an answer in a buffer that they don't fill. Where more bytes were seen to fill it, that is
 * one fault and not two: the buffer lets go by size.
 */
export function asOneBuffer(results: readonly ProbeResult[]): ProbeResult[] {
  const bySize = results.some(({ fault }) => fault === THRESHOLD);
  return results.map((result) =>
    bySize && result.fault === UNTIL_END ? { ...result, fault: THRESHOLD } : result,
  );
}
