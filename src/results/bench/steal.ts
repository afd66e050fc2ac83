import type { BenchResult, StealFigures } from './result.ts';

/** What is known of the machine that made the load. */
export type StealOf = Pick<BenchResult['generator'], 'cores' | 'steal'>;

/** Above either it is told. */
const TOLD: StealFigures = { mean: 0.01, max: 0.05 };

/** Above either it may be why the load came late. */
const TO_BLAME: StealFigures = { mean: 0.02, max: 0.1 };

/** What the host took, without a full stop; `undefined` where it was not worth a word. */
export function stealText(machine: StealOf): string | undefined {
  return textAbove(TOLD, machine);
}

/** The same, where it was enough for load to come late. */
export function stealToBlame(machine: StealOf): string | undefined {
  return textAbove(TO_BLAME, machine);
}

function textAbove(limits: StealFigures, { cores, steal }: StealOf): string | undefined {
  if (steal === undefined || (steal.mean <= limits.mean && steal.max <= limits.max)) return undefined;
  const which = cores === 1 ? 'the only core of this machine' : `this machine's ${cores} cores`;
  return `the host took up to ${percent(steal.max)} of ${which} in a second, ${percent(steal.mean)} over the run (steal)`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
