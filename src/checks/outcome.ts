import { SseKitError } from '../client/errors.ts';
import type { ProbeResult, Skipped } from '../results/check/result.ts';
import { HiddenByFault, NothingToMeasure, NotMeasurable } from './not-measurable.ts';
import type { Judgement } from './probe.ts';

/** Why what hadn't run by then is skipped. */
export const INTERRUPTED = 'the run was interrupted';

/** A probe that ran, as the result has it; causes and fixes are not known yet. */
export function resultOf(
  probe: string,
  { status, fault, summary, onlyIf, direct, proxied, evidence }: Judgement,
  { runs, durationMs }: Pick<ProbeResult, 'runs' | 'durationMs'>,
): ProbeResult {
  return {
    probe,
    status,
    ...(fault !== undefined && { fault }),
    summary,
    ...(onlyIf !== undefined && { onlyIf }),
    ...{ direct, proxied, evidence, runs, durationMs },
    ...{ causes: [], fixes: [] },
  };
}

/**
 * Why a probe has nothing to say.
 *
 * @throws the error itself where it is a fault of ours
 */
export function whyNotMeasured(error: unknown): Omit<Skipped, 'probe'> {
  if (error instanceof NothingToMeasure) return { why: error.why, leftOut: true };
  if (error instanceof HiddenByFault) return { why: error.why, hidden: true };
  if (error instanceof NotMeasurable) return { why: error.why };
  if (error instanceof SseKitError) return { why: error.message };
  throw error;
}
