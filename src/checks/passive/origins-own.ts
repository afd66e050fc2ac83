import type { ProbeResult } from '../../results/check/result.ts';

/** Evidence: directly it is the same. */
export const OWN = 'sameDirectly';

/** What the application does itself no proxy causes, and none mends it better than the application. */
export function asTheOriginsOwn(results: readonly ProbeResult[]): ProbeResult[] {
  return results.map((result) =>
    result.evidence.some(({ k, v }) => k === OWN && v === true)
      ? { ...result, causes: [], fixes: result.fixes.filter(({ where }) => where === 'origin') }
      : result,
  );
}
