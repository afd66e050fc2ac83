import type { ProbeResult } from '../../results/check/result.ts';
import { asHeldByTime } from './held-by-time.ts';
import { asHeldElsewhere } from './held-elsewhere.ts';
import { asLateAnswer } from './late-answer.ts';
import { asOneBuffer } from './one-buffer.ts';

/**
 * What probes make of one thing that each has seen a part of. First whether it is time or size that lets events go, which the
 * others go by; at last what is another probe's to tell, once all faults have their names.
 */
export function reconciled(results: readonly ProbeResult[]): ProbeResult[] {
  const passes = [asHeldByTime, asOneBuffer, asLateAnswer, asHeldElsewhere];
  return passes.reduce<ProbeResult[]>((found, pass) => pass(found), [...results]);
}
