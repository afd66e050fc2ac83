import { products } from '../../test/real/proxies/products.ts';
import type { ProxyProduct } from '../../test/real/proxies/proxy-product.ts';

const names = process.env.SSEKIT_MATRIX_PRODUCTS?.split('\n');

/** Those that were named, or all. */
export const askedProducts: readonly ProxyProduct[] = products.filter(
  ({ name }) => names?.includes(name) ?? true,
);
