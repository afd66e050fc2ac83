import type { ProbeResult } from '../results/check/result.ts';
import type { FaultId } from './faults/fault.ts';

/** Whoever finds one of these tells better than the probe of the encodings who holds events without compression. */
const HOLDING: readonly FaultId[] = [
  'buffer.until-end',
  'buffer.threshold',
  'buffer.timer',
  'buffer.one-behind',
  'rate.limit',
  'headers.type-changed',
];

/**
 * Events that are held without compression as well are no fault of a compressor's. They are one all the same, unless another probe
 * has told of it already.
 */
export function asHeldElsewhere(results: readonly ProbeResult[]): ProbeResult[] {
  const isKnown = results.some(
    ({ probe, fault }) => probe !== 'encoding' && HOLDING.some((each) => each === fault),
  );
  return results.map((result) => {
    const { probe, fault, evidence } = result;
    const isOthers = isKnown && probe === 'encoding' && fault !== undefined;
    if (!isOthers || !evidence.some(({ k }) => k === 'heldUncompressed')) return result;
    const { fault: _, ...rest } = result;
    return { ...rest, status: 'pass', evidence: evidence.filter(({ k }) => k !== 'heldUncompressed') };
  });
}
