import type { ProbeResult } from '../../results/check/result.ts';

type Of = Pick<ProbeResult, 'evidence'>;

/** What is said of the sizes of what comes at a time. */
export const SIZES: readonly string[] = ['modalBurstBytes', 'leastBurstBytes', 'mostBurstBytes'];
/** The probes that send events and no compression. */
export const EVENTS: readonly string[] = ['timing', 'threshold'];

export function has({ evidence }: Of, name: string): boolean {
  return evidence.some(({ k }) => k === name);
}

/** NaN where there is none: nothing compares with it. */
export function figureOf({ evidence }: Of, name: string): number {
  return Number(evidence.find(({ k }) => k === name)?.v ?? Number.NaN);
}
