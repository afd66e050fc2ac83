import type { CauseKind, Product } from '../fixes/cause-kind.ts';
import { placeOf } from '../fixes/place.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { KnownCause } from './explain.ts';
import { knownFix } from './explain.ts';

/** All that is known of a cause, without a run: plain data. */
export interface CauseExplanation extends KnownCause {
  /** What it does, by the ids of the faults. */
  faults: readonly string[];
}

/** Every cause by its name: `nginx.proxy_buffering`. */
export function causeIds(): string[] {
  return PRODUCTS.flatMap(({ causes }) => causes.map(({ id }) => id));
}

/** What is known of the cause of that name, where there is one. */
export function explainCause(id: string): CauseExplanation | undefined {
  for (const product of PRODUCTS) {
    const kind = product.causes.find((each) => each.id === id);
    if (kind !== undefined) return explained(product, kind);
  }
  return undefined;
}

function explained(product: Product, { id, what, faults, fixes }: CauseKind): CauseExplanation {
  return {
    ...{ id, what, faults, product: product.name },
    fixes: fixes.map((fix) => knownFix(fix, placeOf(product, fix))),
  };
}
