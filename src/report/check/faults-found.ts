import { isNote } from '../../results/check/note.ts';
import type { CheckResult, ProbeResult } from '../../results/check/result.ts';

/** A fault, with the probes that found it. */
export interface FaultFound {
  fault: string;
  /** `note`: it does harm only if something is so that nobody has told the run. */
  status: 'note' | 'warn' | 'fail';
  /** In the order that they ran; one at least. */
  probes: readonly ProbeResult[];
}

/** Every fault once: those that fail come first, notes last, and else they keep the order of the probes. */
export function faultsFound({ results }: Pick<CheckResult, 'results'>): FaultFound[] {
  const byFault = new Map<string, ProbeResult[]>();
  for (const result of results) {
    if (result.status === 'pass') continue;
    const fault = result.fault ?? result.probe;
    byFault.set(fault, [...(byFault.get(fault) ?? []), result]);
  }
  const found = [...byFault].map(([fault, probes]): FaultFound => {
    return { fault, status: statusOf(probes), probes };
  });
  return ORDER.flatMap((wanted) => found.filter(({ status }) => status === wanted));
}

const ORDER: readonly FaultFound['status'][] = ['fail', 'warn', 'note'];

function statusOf(probes: readonly ProbeResult[]): FaultFound['status'] {
  if (probes.some(({ status }) => status === 'fail')) return 'fail';
  return probes.every(isNote) ? 'note' : 'warn';
}

/** What has to be mended, whatever the application does. */
export function isToMend({ status }: FaultFound): boolean {
  return status !== 'note';
}
