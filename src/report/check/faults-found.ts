import type { CheckResult, ProbeResult } from '../../results/check/result.ts';

/** A fault, with the probes that found it. */
export interface FaultFound {
  fault: string;
  status: 'warn' | 'fail';
  /** In the order that they ran; one at least. */
  probes: readonly ProbeResult[];
}

/** Every fault once: those that fail come first, and else they keep the order of the probes. */
export function faultsFound({ results }: Pick<CheckResult, 'results'>): FaultFound[] {
  const byFault = new Map<string, ProbeResult[]>();
  for (const result of results) {
    if (result.status === 'pass') continue;
    const fault = result.fault ?? result.probe;
    byFault.set(fault, [...(byFault.get(fault) ?? []), result]);
  }
  const found = [...byFault].map(([fault, probes]): FaultFound => {
    const status = probes.some((each) => each.status === 'fail') ? 'fail' : 'warn';
    return { fault, status, probes };
  });
  return [
    ...found.filter(({ status }) => status === 'fail'),
    ...found.filter(({ status }) => status === 'warn'),
  ];
}
