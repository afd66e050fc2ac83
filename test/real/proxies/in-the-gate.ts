import { PROBES } from '../../../src/checks/probes/registry.ts';
import type { Verdict } from './verdicts.ts';

/** Measured alone, and with much to move. */
const HEAVY = new Set(PROBES.filter(({ load }) => load === 'heavy').map(({ id }) => id));

/**
 * What is asked of a product at every change: how it comes, one way to set it up wrongly and the way to set it right, by
 * the probes that find a fault in one of them. What a fault leaves of itself where the product is `fixed` isn't asked again,
 * nor is what is well where it is set up wrongly.
 */
export function inTheGate(verdicts: Readonly<Record<string, Verdict>>): Readonly<Record<string, Verdict>> {
  const wrong = wronglySetUp(verdicts);
  const chosen = Object.entries(verdicts).filter(([name]) => ['default', 'fixed', wrong].includes(name));
  const concerned = new Set(chosen.flatMap(([, { faults }]) => Object.keys(faults)));
  const isAsked = (id: string) => id === 'timing' || (concerned.has(id) && !HEAVY.has(id));
  const asked = chosen.map(([name, verdict]): [string, Verdict] => {
    const faults = Object.entries(verdict.faults).filter(([id]) => name !== 'fixed' && isAsked(id));
    const passes = verdict.passes.filter((id) => name !== wrong && isAsked(id));
    return [name, { ...verdict, faults: Object.fromEntries(faults), passes }];
  });
  return Object.fromEntries(
    asked.filter(([, { faults, passes }]) => Object.keys(faults).length + passes.length > 0),
  );
}

function wronglySetUp(verdicts: Readonly<Record<string, Verdict>>): string | undefined {
  if (verdicts.impatient !== undefined) return 'impatient';
  const others = Object.keys(verdicts).filter((name) => name !== 'default' && name !== 'fixed');
  return others.find((name) => Object.keys(verdicts[name]?.faults ?? {}).some((id) => !HEAVY.has(id)));
}
