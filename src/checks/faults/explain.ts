import type { Fix } from '../../results/check/result.ts';
import type { FixKind } from '../fixes/cause-kind.ts';
import { ORIGIN_FIXES } from '../fixes/origin.ts';
import { placeOf } from '../fixes/place.ts';
import { PRODUCTS } from '../fixes/products.ts';
import { faultNamed, flagsThatMeasure } from './catalogue.ts';
import type { Fault } from './fault.ts';

/** All that is known of a fault, without a run: plain data. */
export interface Explanation {
  fault: Fault;
  /** Flags of check-proxy that measure it. */
  verify: string;
  /** What the origin can do, whoever is in between; likeliest to help first. */
  atOrigin: readonly KnownFix[];
  /** Commonest product first. */
  causes: readonly KnownCause[];
}

export interface KnownCause {
  id: string;
  product: string;
  /** What is so and does it. */
  what: string;
  fixes: readonly KnownFix[];
}

export type KnownFix = Omit<Fix, 'verify'> & {
  /** Where it stands: an address. */
  source?: string;
};

/** What is known of the fault of that name, where there is one. */
export function explainFault(id: string): Explanation | undefined {
  const fault = faultNamed(id);
  if (fault === undefined) return undefined;
  const causes = PRODUCTS.flatMap((product) =>
    product.causes
      .filter(({ faults }) => faults.includes(fault.id))
      .map((kind) => ({
        commonness: product.commonness * (kind.weight ?? 1),
        cause: {
          id: kind.id,
          product: product.name,
          what: kind.what,
          fixes: kind.fixes
            .filter(({ faults = kind.faults }) => faults.includes(fault.id))
            .map((fix) => knownFix(fix, placeOf(product, fix))),
        },
      })),
  );
  return {
    fault,
    verify: flagsThatMeasure(fault.id),
    atOrigin: ORIGIN_FIXES.filter(({ faults }) => faults.includes(fault.id))
      .sort((a, b) => b.helps - a.helps)
      .map((fix) => knownFix(fix, 'origin')),
    causes: causes.sort((a, b) => b.commonness - a.commonness).map(({ cause }) => cause),
  };
}

/** As it is told without a run. */
export function knownFix({ line, basis, needs, caution, restart, source }: FixKind, where: string): KnownFix {
  return {
    where,
    line,
    basis,
    ...(restart && { restart }),
    ...(needs !== undefined && { needs }),
    ...(caution !== undefined && { caution }),
    ...(source !== undefined && { source }),
  };
}
