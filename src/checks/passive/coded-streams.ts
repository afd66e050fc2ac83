import type { Lateness } from '../lateness/lateness.ts';
import type { Observation } from '../observation/observation.ts';
import { heldBack } from './same-events.ts';
import type { WaySeen } from './stream-seen.ts';

/** A stream that was asked for with an encoding, beside the same one without. */
export interface Coded {
  coding: 'gzip' | 'br';
  seen: Observation;
  bare: Observation;
  compared: ReturnType<typeof heldBack>;
}

export function codedOf({ plain, gzip, again, br }: WaySeen): Coded[] {
  const pairs = [
    ['gzip', gzip, plain],
    ['br', br, again],
  ] as const;
  return pairs.flatMap(([coding, seen, bare]) => {
    if (seen === undefined || bare === undefined) return [];
    return [{ coding, seen, bare, compared: heldBack(bare, seen) }];
  });
}

/** What has no head may be held with it. */
export function isApplied({ seen, bare }: Coded): boolean {
  return seen.head === undefined ? bare.head !== undefined : seen.head.encoding !== 'identity';
}

/** Nothing where it can't be told. */
export function latenessOf({ compared }: Coded): Lateness | undefined {
  return typeof compared === 'object' ? compared.lateness : undefined;
}

export function isStalled(coded: Coded): boolean {
  return (latenessOf(coded)?.status ?? 'pass') !== 'pass';
}
