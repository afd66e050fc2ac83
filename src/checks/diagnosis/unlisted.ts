import type { Cause } from '../../results/check/result.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { RankedUnlisted } from './rank-causes.ts';

const MARK = 'unlisted';
/** Who is known by the language alone. */
const LANGUAGES: Readonly<Record<string, string>> = {
  node: 'a proxy written for Node.js',
  go: 'a proxy written in Go',
};

/** As the result has it: `nginx.unlisted`, in words beside it. */
export function unlistedCause({ product, confidence }: RankedUnlisted): Omit<Cause, 'ruledOut'> {
  const name = nameOf(product);
  return {
    id: `${product ?? 'somebody'}.${MARK}`,
    what:
      name === undefined
        ? 'somebody who is not in the catalogue'
        : `a setting of ${name} that is not in the catalogue`,
    confidence,
  };
}

/** Where to look for it. */
export function placeOfUnlisted({ product }: RankedUnlisted): string {
  return nameOf(product) ?? 'the proxy';
}

function nameOf(product: string | undefined): string | undefined {
  if (product === undefined) return undefined;
  return PRODUCTS.find(({ id }) => id === product)?.name ?? LANGUAGES[product] ?? product;
}

/** Whether a cause is of the catalogue: what is not gives nobody away. */
export function isListed({ id }: Cause): boolean {
  return !id.endsWith(`.${MARK}`);
}
