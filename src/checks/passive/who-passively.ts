import { headerValue } from '../../client/headers.ts';
import type { CheckResult } from '../../results/check/result.ts';
import type { Hop } from '../diagnosis/hop.ts';
import { identify } from '../identify.ts';
import { type Chain, NO_CHAIN } from '../links.ts';
import { viaInOrder } from '../via.ts';
import type { PassiveSeen } from './passive-probe.ts';

/** What is spoken on this side, and who is in between by what they leave on an answer. */
export function whoPassively({ proxied, direct }: PassiveSeen): {
  path: Omit<CheckResult['path'], 'proxies'>;
  hops: readonly Hop[];
  chain: Chain;
} {
  const head = proxied.plain.head ?? proxied.gzip?.head ?? proxied.again?.head;
  // A head that was held back tells nobody's name.
  if (head === undefined) return { path: { clientHttp: '1.1', hops: [] }, hops: [], chain: NO_CHAIN };
  const own = direct?.plain.head?.headers ?? [];
  const { hops, guess, chain } = identify({
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
    ...{ hops, chain },
  };
}
