import { headerValue } from '../../client/headers.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { Absence } from '../between/absence.ts';
import type { Hop } from '../between/hop.ts';
import { type Identified, identify } from '../between/identify.ts';
import { type Chain, NO_CHAIN } from '../between/links.ts';
import { viaInOrder } from '../between/via.ts';
import type { ObservedHead } from '../observation/observation.ts';
import type { PassiveSeen } from './passive-probe.ts';
import type { WaySeen } from './stream-seen.ts';

/** Any that came. */
export function headOf({ plain, gzip, again }: WaySeen): ObservedHead | undefined {
  return plain.head ?? gzip?.head ?? again?.head;
}

/**
 * What is spoken on this side, and who is in between by what they leave on an answer.
 *
 * @param named who answers other requests, where none of these was answered
 */
export function whoPassively(
  { proxied, direct }: PassiveSeen,
  named: Identified | undefined,
): {
  path: Omit<CheckResult['path'], 'proxies'>;
  hops: readonly Hop[];
  chain: Chain;
  absent: readonly Absence[];
} {
  const head = headOf(proxied);
  // A head that was held back tells nobody's name.
  if (head === undefined) {
    const { hops, guess, chain, absent } = named ?? { hops: [], chain: NO_CHAIN, absent: [] };
    const path = { clientHttp: '1.1', hops: [], ...(guess !== undefined && { guess }) };
    return { path, hops, chain, absent };
  }
  const own = direct?.plain.head?.headers ?? [];
  const { hops, guess, chain, absent } = identify({
    proxied: head.headers,
    direct: own,
    clientHttp: head.http,
    accelBufferingSent: headerValue(own, 'x-accel-buffering') !== undefined,
  });
  return {
    path: {
      clientHttp: head.http,
      hops: viaInOrder([], head.headers),
      ...(guess !== undefined && { guess }),
    },
    ...{ hops, chain, absent },
  };
}
