import { type StealOf, stealToBlame } from '../../results/bench/steal.ts';

/**
 * A remedy for load that came late, behind what comes first where the host of this machine took enough of its cores: more
 * workers don't help against that.
 */
export function afterSteal(remedy: string, machine: StealOf): string {
  const stolen = stealToBlame(machine);
  if (stolen === undefined) return remedy;
  const sentence = stolen.charAt(0).toUpperCase() + stolen.slice(1);
  return `${sentence}: measure where the cores are your own, or when the host is calm. If that changes nothing: ${remedy}`;
}
