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
  const name = PRODUCTS.find(({ id }) => id === product)?.name ?? LANGUAGES[product ?? ''] ?? product;
  return {
    id: `${product ?? 'somebody'}.${MARK}`,
    what:
      name === undefined
        ? 'somebody who is not in the catalogue'
        : `a setting of ${name} that is not in the catalogue`,
    confidence,
  };
}

/** Whether a cause is of the catalogue: what is not gives nobody away. */
export function isListed({ id }: Cause): boolean {
  return !id.endsWith(`.${MARK}`);
}
