import { capital } from '../../notation/capital.ts';
import { type StealOf, stealToBlame } from '../../results/bench/steal.ts';

/**
 * A remedy for load that came late, behind what comes first where the host of this machine took enough of its cores: more
 * workers don't help against that.
 */
export function afterSteal(remedy: string, machine: StealOf): string {
  const stolen = stealToBlame(machine);
  if (stolen === undefined) return remedy;
  return `${capital(stolen)}: measure where the cores are your own, or when the host is calm. If that changes nothing: ${remedy}`;
}
