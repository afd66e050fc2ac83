import type { CheckResult } from '../results/check/result.ts';
import type { Asked } from './reachable.ts';
import { viaInOrder } from './via.ts';

const MOST_HOPS = 10;

/**
 * What is spoken on either side of the proxy, and who says of itself that it is in between.
 *
 * @param through a request that was answered through the proxy; absent where the run was interrupted before
 */
export function pathOf(through: Asked | undefined): Omit<CheckResult['path'], 'proxies'> {
  const [visit] = through?.visits ?? [];
  const head = through?.seen.head;
  const hops = viaInOrder(visit?.request.headers ?? [], head?.headers ?? []);
  return {
    clientHttp: head?.http ?? '1.1',
    ...(visit === undefined ? {} : { originHttp: visit.request.httpVersion }),
    hops: hops.slice(0, MOST_HOPS),
  };
}
