import type { InvalidReason } from '../../results/bench/result.ts';

/** What is looked at before the first connection. */
export type CheckId = 'descriptors' | 'ports' | 'source-addresses' | 'memory' | 'cpu' | 'target-cap';

/** What a plan needs of one resource, against what there is. */
export interface Check {
  id: CheckId;
  /** `note`: the run may start, and the user should know; `not-checked`: the system doesn't tell. */
  status: 'ok' | 'note' | 'refused' | 'not-checked';
  need: number;
  /** `null`: not known. */
  have: number | null;
  /** Of both figures. */
  unit: 'open files' | 'ports' | 'addresses' | 'bytes' | 'cores' | 'streams';
  /** What it means, in a sentence without its full stop. */
  message: string;
  /** What to change; empty where nothing is to be changed. */
  remedy: string;
}

/** What the preflight chose where the user left it open. */
interface Decisions {
  workers: number;
  /** Source addresses for `sourceAddressOf`; absent: the kernel chooses. */
  localAddresses?: readonly string[];
}

export interface Preflight {
  checks: readonly Check[];
  decisions: Decisions;
  /** Why the run can't be what was asked for: empty, it may start. */
  refusals: readonly InvalidReason[];
}

/** A whole number in a sentence: `28,232`. */
export function figureText(figure: number): string {
  return figure.toLocaleString('en-US');
}

/** What a refused check becomes in a verdict. */
export function refusalOf(check: Check): InvalidReason {
  return {
    code: 'machine-limits',
    figure: check.need,
    limit: check.have ?? 0,
    unit: check.unit,
    message: check.message,
    remedy: check.remedy,
  };
}
