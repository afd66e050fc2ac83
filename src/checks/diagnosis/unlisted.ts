import type { Cause } from '../../results/check/result.ts';
import { PRODUCTS } from '../fixes/products.ts';
import type { RankedUnlisted } from './rank-causes.ts';

const MARK = 'unlisted';
/** Who is known by the language alone. */
const LANGUAGES: Readonly<Record<string, string>> = {
  node: 'a proxy written for Node.js',
  go: 'a proxy written in Go',
};

/** `nginx.unlisted`; of nobody in particular `somebody.unlisted`. */
export function unlistedId(product: string | undefined): string {
  return `${product ?? 'somebody'}.${MARK}`;
}

/** Nothing is known of it but what it is written in. */
export function isLanguage(product: string): boolean {
  return product in LANGUAGES;
}

/** As the result has it: `nginx.unlisted`, in words beside it. */
export function unlistedCause({ product, confidence }: RankedUnlisted): Omit<Cause, 'ruledOut'> {
  return { id: unlistedId(product), what: unlistedText(product), confidence };
}

/** What it is, in words. */
export function unlistedText(product: string | undefined): string {
  return product === undefined
    ? 'somebody who is not in the catalogue'
    : `a setting of ${unlistedName(product)} that is not in the catalogue`;
}

/** Where to look for it. */
export function placeOfUnlisted({ product }: RankedUnlisted): string {
  return product === undefined ? 'the proxy' : unlistedName(product);
}

/** What it is called for people. */
export function unlistedName(product: string): string {
  return PRODUCTS.find(({ id }) => id === product)?.name ?? LANGUAGES[product] ?? product;
}
