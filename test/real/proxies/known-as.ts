import type { Product } from '../../../src/checks/fixes/cause-kind.ts';
import { PRODUCTS } from '../../../src/checks/fixes/products.ts';

/** Products whose causes and fixes are those of what they are made of. */
const MADE_OF: Readonly<Record<string, string>> = {
  'http-proxy-3': 'http-proxy',
  'http-proxy-middleware': 'http-proxy',
  vite: 'http-proxy',
};

/**
 * What the catalogue of causes and fixes has of a proxy that the tests run; several where its name tells of several, as
 * `nginx before HAProxy` does.
 *
 * @throws Error where it has none
 */
export function knownAs(name: string): readonly Product[] {
  const words = name.toLowerCase().split(/[^a-z0-9-]+/);
  const ids = words.map((word) => MADE_OF[word] ?? word);
  const known = PRODUCTS.filter(({ id }) => ids.includes(id));
  if (known.length === 0) throw new Error(`the catalogue of causes and fixes has no product for ${name}`);
  return known;
}
