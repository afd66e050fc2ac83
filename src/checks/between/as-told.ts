import type { Absence } from './absence.ts';
import type { Hop } from './hop.ts';
import type { Chain } from './links.ts';

/** Who is in between, and who is not. */
interface Between {
  hops: readonly Hop[];
  chain: Chain;
  absent: readonly Absence[];
}

/** As sure as of anybody: whoever says so may not know all who are on the way. */
const SURE = 0.97;
const BECAUSE = ['--proxy-is'];

/**
 * Who is in between as somebody says who knows: nobody else is taken for it, whatever headers look like. What they tell of the
 * version of one that is named stays.
 *
 * @param products from the client to the origin; absent: nobody has said anything
 */
export function asTold<T extends Between>(seen: T, products: readonly string[] | undefined): T {
  if (products === undefined) return seen;
  const hops = products.map((product): Hop => {
    const version = seen.hops.find((hop) => hop.product === product)?.version;
    return { product, confidence: SURE, because: BECAUSE, ...(version !== undefined && { version }) };
  });
  return {
    ...seen,
    hops,
    chain: { links: hops.map((hop) => ({ candidates: [hop] })), isOrderSeen: true },
    absent: seen.absent.filter(({ product }) => !products.includes(product)),
  };
}
