import type { HeaderPair } from '../../client/records.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { Asked } from '../reach/reachable.ts';
import { viaInOrder } from './via.ts';

const MOST_HOPS = 10;

/**
 * What is spoken on either side of the proxy, and who says of itself that it is in between.
 *
 * @param through a request that was answered through the proxy; absent where the run was interrupted before
 * @param own headers that the user has every request carry
 */
export function pathOf(
  through: Asked | undefined,
  own: readonly HeaderPair[] = [],
): Omit<CheckResult['path'], 'proxies'> {
  const [visit] = through?.visits ?? [];
  const head = through?.seen.head;
  const hops = viaInOrder(visit?.request.headers ?? [], head?.headers ?? []);
  return {
    clientHttp: head?.http ?? '1.1',
    ...(visit === undefined ? {} : { originHttp: visit.request.httpVersion }),
    hops: hops.slice(0, MOST_HOPS),
    ...forwardedOf(visit?.request.headers ?? [], own),
  };
}

/** Each proxy that writes `X-Forwarded-For` adds one address: of who asked it. */
function forwardedOf(
  asked: readonly HeaderPair[],
  own: readonly HeaderPair[],
): Pick<CheckResult['path'], 'forwardedFor'> {
  // What the client says itself, nobody on the way has added.
  const forwardedFor = addressesIn(asked) - addressesIn(own);
  return forwardedFor > 0 ? { forwardedFor } : {};
}

function addressesIn(headers: readonly HeaderPair[]): number {
  return headers
    .filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
    .flatMap(([, value]) => value.split(','))
    .filter((address) => address.trim() !== '').length;
}
