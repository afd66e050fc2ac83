import type { ProbeResult } from '../../results/check/result.ts';
import type { FaultId } from '../faults/fault.ts';

/** How likely it is a proxy at all, where the origin may do the same. */
const A_PROXY = 0.7;
const LATE_HEAD: FaultId = 'buffer.headers';
/** The origin's to mend, whoever is in between. */
const OF_THE_HEAD: FaultId = 'headers.not-of-a-stream';

/**
 * What is told of causes where nobody has looked at the origin itself: no proxy is as sure as beside a direct way. A head
 * that comes late by itself tells of none: many applications send it with their first event.
 */
export function asMaybeTheOrigins(results: readonly ProbeResult[]): ProbeResult[] {
  const isHeld = results.some(({ fault }) => fault?.startsWith('buffer.') === true && fault !== LATE_HEAD);
  return results.map((result) => {
    if (result.fault === undefined || result.fault === OF_THE_HEAD) return result;
    if (result.fault === LATE_HEAD && !isHeld) return { ...result, causes: [], fixes: ofTheOrigin(result) };
    return { ...result, causes: result.causes.map(lessSure) };
  });
}

/** The likeliest that helps whoever it is. */
function ofTheOrigin({ fixes }: ProbeResult): ProbeResult['fixes'] {
  return fixes.filter(({ where, caution }) => where === 'origin' && caution === undefined).slice(0, 1);
}

function lessSure(cause: ProbeResult['causes'][number]): ProbeResult['causes'][number] {
  return { ...cause, confidence: Math.round(cause.confidence * A_PROXY * 100) / 100 };
}
