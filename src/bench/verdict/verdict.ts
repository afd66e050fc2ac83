import type { Verdict } from '../../results/bench/result.ts';
import type { Doubt, Evidence } from './evidence.ts';
import { generatorLate, reconnectsLate } from './generator-late.ts';
import { generatorSaturated } from './generator-saturated.ts';
import { loadNotDelivered } from './load-not-delivered.ts';
import { machineLimits } from './machine-limits.ts';
import { publisherLost } from './publisher-lost.ts';
import { workerLost } from './worker-lost.ts';

/** The gravest first. */
const DOUBTS: readonly Doubt[] = [
  workerLost,
  publisherLost,
  machineLimits,
  loadNotDelivered,
  generatorSaturated,
  generatorLate,
  reconnectsLate,
];

/**
 * Whether the figures of a run can be trusted. Only what was wrong with the load generator speaks against them: a server
 * that is slow, refuses or fails is a finding.
 */
export function verdictOf(evidence: Evidence): Verdict {
  const reasons = DOUBTS.flatMap((doubt) => doubt(evidence) ?? []);
  return { status: reasons.length === 0 ? 'VALID' : 'INVALID', reasons };
}
