import { type Absence, leftOf } from '../between/absence.ts';
import type { Hop } from '../between/hop.ts';
import type { Product } from '../fixes/cause-kind.ts';
import { PRODUCTS } from '../fixes/products.ts';

/** Who is in between, as far as that is known, and who is hardly there. */
export interface Presence {
  hops: readonly Hop[];
  absent?: readonly Absence[];
}

/** Something that does it and that the catalogue does not have. */
export interface Unlisted {
  /** Of a product that was seen, or a language; without one, of somebody who was not seen. */
  product?: string;
  weight: number;
}

/** The weight of a product that is certainly there, where a common one that may be there has 10. */
const THERE = 300;
/** Of what is seen of it, what is made of it, for each point of its own commonness. */
const ALIKE = 1 / 40;
/** What others keep when who is there is known for certain: there may be a second one behind. */
const NOT_SEEN = 0.2;
/** As likely as this, beside a cause of weight 1 in the same product: a setting that the catalogue does not know. */
const UNLISTED = 0.1;
/** Of what is written in a language that shows, the catalogue has the commonest. */
const LANGUAGE = 0.25;
const ALL_COMMONNESS = PRODUCTS.reduce((sum, { commonness }) => sum + commonness, 0);

/** How likely it is, before a fault is looked at, that streams go through that product. */
export function weightOf(product: Product, { hops, absent = [] }: Presence): number {
  const { id, commonness, looksLike = [] } = product;
  const own = confidenceIn([id], hops);
  const alike = confidenceIn(looksLike, hops);
  if (own > 0) return commonness + THERE * own;
  const left = leftOf(id, absent);
  if (alike > 0) return left * (commonness + THERE * alike * commonness * ALIKE);
  return left * commonness * leftToOthers(hops);
}

/** What the catalogue does not have, of who was seen and of who was not. */
export function unlistedAmong(hops: readonly Hop[]): Unlisted[] {
  const seen = [...new Set(hops.map(({ product }) => product))];
  return [
    ...seen.map((product) => ({
      product,
      weight: UNLISTED * THERE * confidenceIn([product], hops) * (isLanguage(product) ? LANGUAGE : 1),
    })),
    { weight: UNLISTED * ALL_COMMONNESS * leftToOthers(hops) },
  ];
}

/** How sure it is that it is he, or one of those who look like him: by the same manner, of one proxy. */
export function sureOfOneLike({ because }: Hop, hops: readonly Hop[]): number {
  const alike = hops.filter((hop) => hop.because.join() === because.join());
  return Math.min(
    1,
    alike.reduce((sum, { confidence }) => sum + confidence, 0),
  );
}

function isLanguage(product: string): boolean {
  return !PRODUCTS.some(({ id }) => id === product);
}

function confidenceIn(products: readonly string[], hops: readonly Hop[]): number {
  return Math.max(
    0,
    ...hops.filter(({ product }) => products.includes(product)).map(({ confidence }) => confidence),
  );
}

function leftToOthers(hops: readonly Hop[]): number {
  return 1 - (1 - NOT_SEEN) * Math.max(0, ...hops.map((hop) => sureOfOneLike(hop, hops)));
}
