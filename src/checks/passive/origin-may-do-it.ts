import type { ProbeResult } from '../../results/check/result.ts';
import { productOf } from '../diagnosis/cause-id.ts';
import type { FaultId } from '../faults/fault.ts';
import { PRODUCTS } from '../fixes/products.ts';

/** How likely it is a proxy at all, where the origin may do the same. */
const A_PROXY = 0.7;
const AS_LIKELY_AS_NOT = 0.5;
/** Less is no advice. */
const WORTH_NAMING = 0.3;
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
    if (result.fault === undefined || (result.fault === OF_THE_HEAD && !isCompressed(result))) return result;
    if (result.fault === LATE_HEAD && !isHeld) return { ...result, causes: [], fixes: ofTheOrigin(result) };
    const causes = result.causes.map(lessSure);
    return { ...result, causes, fixes: sureFirst(result.fixes, causes) };
  });
}

/** An application may compress its stream itself. */
function isCompressed({ evidence }: ProbeResult): boolean {
  return evidence.some(({ k, v }) => k === 'allows' && v === 'compression');
}

/** The likeliest that helps whoever it is. */
function ofTheOrigin({ fixes }: ProbeResult): ProbeResult['fixes'] {
  return fixes.filter(isAnybodys).slice(0, 1);
}

/** Where no cause is more likely than not, what helps whoever it is comes before what is for one of them, and names that. */
function sureFirst(fixes: ProbeResult['fixes'], [first]: ProbeResult['causes']): ProbeResult['fixes'] {
  if (first === undefined || first.confidence >= AS_LIKELY_AS_NOT) return fixes;
  const ours = fixes.filter(isAnybodys);
  const theirs = fixes.filter((fix) => !ours.includes(fix));
  const likeliest = theirs.find(({ cause }) => cause === first.id);
  return [...ours.map((fix) => ({ ...fix, ...whoseElse(likeliest, first) })), ...theirs];
}

/** Who knows that it is the likeliest of them mends it there. */
function whoseElse(
  fix: ProbeResult['fixes'][number] | undefined,
  { id, confidence }: ProbeResult['causes'][number],
): Pick<ProbeResult['fixes'][number], 'caution'> {
  const product = PRODUCTS.find((each) => each.id === productOf(id));
  if (fix === undefined || product === undefined || confidence < WORTH_NAMING) return {};
  const line = fix.line.replace(/^# /, '').replaceAll('\n', ', ');
  return {
    caution: `if it is ${product.name} (${Math.round(100 * confidence)} % likely; --proxy-is ${product.id} where you know it), there: ${line}`,
  };
}

/** At the origin, and heeded by everybody. */
function isAnybodys({ where, caution }: ProbeResult['fixes'][number]): boolean {
  return where === 'origin' && caution === undefined;
}

function lessSure(cause: ProbeResult['causes'][number]): ProbeResult['causes'][number] {
  return { ...cause, confidence: Math.round(cause.confidence * A_PROXY * 100) / 100 };
}
