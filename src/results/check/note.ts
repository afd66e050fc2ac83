import type { ProbeResult } from './result.ts';

/** A warning of what harms only what an application may not do: nothing that has to be mended, and no run fails by it. */
export function isNote({ status, onlyIf }: Pick<ProbeResult, 'status' | 'onlyIf'>): boolean {
  return status === 'warn' && onlyIf !== undefined;
}
