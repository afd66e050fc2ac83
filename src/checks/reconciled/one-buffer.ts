import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';
import { SIZES } from './evidence.ts';

const UNTIL_END: FaultId = 'buffer.until-end';
const THRESHOLD: FaultId = 'buffer.threshold';

/**
 * Small events wait for the end of an answer in a buffer that they don't fill. Where more bytes were seen to fill it, that is
 * one fault and not two: the buffer lets go by size.
 */
export function asOneBuffer(results: readonly ProbeResult[]): ProbeResult[] {
  const bySize = results.filter(({ fault }) => fault === THRESHOLD);
  if (bySize.length === 0) return [...results];
  // Who has seen them tells of them for all.
  const [sizes = []] = bySize.map(({ evidence }) => sizesIn(evidence)).filter(({ length }) => length > 0);
  return results.map((result) => {
    const { fault, evidence } = result;
    if (fault !== UNTIL_END && fault !== THRESHOLD) return result;
    const isSized = sizesIn(evidence).length > 0;
    return { ...result, fault: THRESHOLD, evidence: isSized ? evidence : [...evidence, ...sizes] };
  });
}

function sizesIn(evidence: ProbeResult['evidence']): ProbeResult['evidence'] {
  return evidence.filter(({ k }) => SIZES.includes(k));
}
