import type { HeaderPair } from '../../client/records.ts';

/**
 * What proxies call themselves, the client's side first: each adds itself at the end (RFC 9110 §7.6.3), so that what an
 * answer says is read from behind. Who adds itself to both is named once.
 *
 * @param asked headers of the request as it got to the origin
 * @param answered headers of the answer as it got to the client
 */
export function viaInOrder(asked: readonly HeaderPair[], answered: readonly HeaderPair[]): string[] {
  return [...new Set([...viaOf(asked), ...viaOf(answered).reverse()])];
}

/** `Via: 1.1 edge (squid), 1.1 inner` */
function viaOf(headers: readonly HeaderPair[]): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'via')
    .flatMap(([, value]) => value.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
