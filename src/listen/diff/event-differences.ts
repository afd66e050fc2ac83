import { BOND, type Matching, type Side } from './matching.ts';

/** One event that differs; `a` and `b` are indices on either side. */
export type EventDifference =
  | { kind: 'removed'; a: number }
  | { kind: 'added'; b: number }
  | { kind: 'changed'; a: number; b: number; moved: boolean }
  | { kind: 'moved'; a: number; b: number }
  /** It is there once more than on the other side; `of`: where it came first. */
  | { kind: 'repeated'; a: number; of: number }
  | { kind: 'repeated'; b: number; of: number };

/** Where contents came first, on either side. */
export interface FirstPlaces {
  a: ReadonlyMap<number, number>;
  b: ReadonlyMap<number, number>;
}

/**
 * What differs, in the order of the events: at each place first what only a has, then what only b has. What moved
 * stands where a has it.
 *
 * @param ends up to where either side is compared
 */
export function* eventDifferences(
  matching: Matching,
  sides: { a: Side; b: Side },
  first: FirstPlaces,
  ends: { a: number; b: number },
): Generator<EventDifference> {
  let j = 0;
  function* onlyInB(end: number): Generator<EventDifference> {
    for (; j < end; j += 1) {
      if (matching.partnerOfB(j) !== -1) continue;
      const of = first.b.get(sides.b.content[j] ?? Number.NaN);
      yield of === undefined || of === j ? { kind: 'added', b: j } : { kind: 'repeated', b: j, of };
    }
  }
  for (let a = 0; a < ends.a; a += 1) {
    const b = matching.partnerOfA(a);
    switch (matching.bondOfA(a)) {
      case BOND.same:
      case BOND.changed:
        yield* onlyInB(b);
        if (matching.bondOfA(a) === BOND.changed) yield { kind: 'changed', a, b, moved: false };
        j = b + 1;
        break;
      case BOND.moved:
        yield { kind: 'moved', a, b };
        break;
      case BOND.movedChanged:
        yield { kind: 'changed', a, b, moved: true };
        break;
      case BOND.none: {
        const of = first.a.get(sides.a.content[a] ?? Number.NaN);
        yield of === undefined || of === a ? { kind: 'removed', a } : { kind: 'repeated', a, of };
      }
    }
  }
  yield* onlyInB(ends.b);
}

/** Contents that have no partner on a side: where else they come there decides whether they are repeats. */
export function unpairedContents(side: Side, partnerOf: (index: number) => number): Set<number> {
  const contents = new Set<number>();
  for (let at = 0; at < side.count; at += 1) {
    if (partnerOf(at) === -1) contents.add(side.content[at] ?? Number.NaN);
  }
  return contents;
}
