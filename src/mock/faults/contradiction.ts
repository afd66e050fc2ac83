import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { requireFaultKind } from './kinds.ts';
import type { FaultSpec } from './spec.ts';

/**
 * Refuses faults that can't both be done at their place of the same connection.
 *
 * @throws InvalidValue that names the two
 */
export function refuseContradictions(specs: readonly FaultSpec[]): void {
  const seen = new Map<string, FaultSpec>();
  for (const spec of specs) {
    const place = placeOf(spec);
    if (place === undefined) continue;
    const key = `${spec.connection ?? ''} ${place}`;
    const other = seen.get(key);
    if (other !== undefined && !sameFault(spec, other)) {
      throw new InvalidValue(
        `${quoted(spec.text)} contradicts ${quoted(other.text)}`,
        'Give one of them another WHEN, or a connection of its own with conn:N: in front.',
      );
    }
    seen.set(key, spec);
  }
}

/**
 * Where faults from several sources contradict each other, the one for this connection beats those for all, and then
 * the later one the earlier: `?fault=` beats the route's, and that the server's.
 */
export function effectiveFaults(specs: readonly FaultSpec[]): FaultSpec[] {
  const general = specs.filter((spec) => spec.connection === undefined);
  const special = specs.filter((spec) => spec.connection !== undefined);
  const byPlace = new Map<string | FaultSpec, FaultSpec>();
  for (const spec of [...general, ...special]) byPlace.set(placeOf(spec) ?? spec, spec);
  return [...byPlace.values()];
}

/** What it does, and where; nothing where it is drawn: draws go side by side. */
function placeOf({ kind, value, when }: FaultSpec): string | undefined {
  const group = requireFaultKind(kind).group?.(value) ?? kind;
  return when?.kind === 'chance' ? undefined : `${group} ${JSON.stringify(when)}`;
}

function sameFault(a: FaultSpec, b: FaultSpec): boolean {
  return a.kind === b.kind && a.value === b.value;
}
