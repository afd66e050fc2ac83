import { PRODUCTS } from '../../checks/fixes/products.ts';
import { usageError } from '../../client/errors.ts';
import { nearestName } from '../../notation/nearest-name.ts';
import type { CheckProxyFlags } from '../flags/check-proxy/check-proxy-flags.ts';

/**
 * Who is in between as `--proxy-is` says, by the ids of the catalogue.
 *
 * @throws SseKitError exit 2 for a name that no product has
 */
export function toldProxies({ proxyIs }: CheckProxyFlags): { proxies?: readonly string[] } {
  return proxyIs === undefined ? {} : { proxies: proxyIs.map(productNamed) };
}

function productNamed(text: string): string {
  const wanted = text.toLowerCase();
  const ids = PRODUCTS.map(({ id }) => id);
  if (ids.includes(wanted)) return wanted;
  const near = nearestName(wanted, ids);
  throw usageError(
    `--proxy-is: ${JSON.stringify(text)} is in no catalogue`,
    near === undefined ? `There are ${ids.join(', ')}.` : `Did you mean ${near}?`,
  );
}
