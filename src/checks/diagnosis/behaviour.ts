import type { Hop } from '../between/hop.ts';
import { faultNamed } from '../faults/catalogue.ts';
import type { FaultId } from '../faults/fault.ts';
import type { Presence } from './presence.ts';
import { rankCauses } from './rank-causes.ts';
import type { RunSeen } from './run-seen.ts';

/** Somebody whom a fault gives away: by how it is made, and not by how common he is. */
export interface Betrayed {
  fault: FaultId;
  hop: Hop;
}

/** What a stream does tells who is in between where it tells this much, and so does a header. */
export const TELLING = 0.7;

/**
 * Whom the behaviour gives away, whatever the headers say: by signs that hardly anybody else shows. Each fault is a witness by
 * itself; what was guessed from another is none.
 */
export function betrayedBy(faults: readonly FaultId[], run: RunSeen, presence: Presence): Betrayed[] {
  return faults.flatMap((fault): Betrayed[] => {
    const [first] = rankCauses(fault, run, presence).causes;
    if (first === undefined || first.confidence < TELLING || first.ownSigns <= 1) return [];
    const { product, kind, confidence } = first;
    return [{ fault, hop: { product: product.id, confidence, because: [kind.id] } }];
  });
}

/**
 * Of those who are known, one is surer by what he does; those who were told by no more than what he looks like are that less
 * likely.
 */
export function surer(hops: readonly Hop[], told: Hop): readonly Hop[] {
  const own = hops.find(({ product }) => product === told.product);
  if (own === undefined || own.confidence >= told.confidence) return hops;
  const looks = own.because.join();
  const left = Math.round((1 - told.confidence) * 100) / 100;
  return hops.map((hop) => {
    if (hop === own) {
      const because = [...new Set([...own.because, ...told.because])];
      return { ...own, confidence: told.confidence, because };
    }
    if (hop.because.join() !== looks) return hop;
    return { ...hop, confidence: Math.min(hop.confidence, left) };
  });
}

/** Faults of the catalogue among those that results name, each once. */
export function faultsAmong(results: readonly { fault?: string }[]): FaultId[] {
  const named = results.flatMap(({ fault }) => (fault === undefined ? [] : (faultNamed(fault)?.id ?? [])));
  return [...new Set(named)];
}
