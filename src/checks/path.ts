import type { HeaderPair } from '../client/records.ts';
import type { CheckResult } from '../results/check/result.ts';
import type { Asked } from './reachable.ts';

const MOST_HOPS = 10;

/**
 * What is spoken on either side of the proxy, and who says of itself that it is in between.
 *
 * @param through a request that was answered through the proxy; absent where the run was interrupted before
 */
export function pathOf(through: Asked | undefined): CheckResult['path'] {
  const [visit] = through?.visits ?? [];
  const head = through?.seen.head;
  const hops = [...hopsOf(visit?.request.headers ?? []), ...hopsOf(head?.headers ?? [])];
  return {
    clientHttp: head?.http ?? '1.1',
    ...(visit === undefined ? {} : { originHttp: visit.request.httpVersion }),
    hops: [...new Set(hops)].slice(0, MOST_HOPS),
  };
}

/** `Via: 1.1 edge (squid), 1.1 inner` (RFC 9110 §7.6.3). */
export function hopsOf(headers: readonly HeaderPair[]): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'via')
    .flatMap(([, value]) => value.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
