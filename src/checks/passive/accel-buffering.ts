import { headerValue } from '../../client/headers.ts';
import type { Evidence, ProbeResult } from '../../results/check/result.ts';
import type { Witness } from '../diagnosis/run-seen.ts';
import type { Observation } from '../observation/observation.ts';
import type { PassiveSeen } from './passive-probe.ts';

/**
 * What a stream that says `X-Accel-Buffering: no` by itself shows of what that changes: for the diagnosis, as the probe says
 * it that has an origin of ours. Nothing where it does not say so.
 */
export function accelBufferingSeen(
  { proxied, direct }: PassiveSeen,
  results: readonly ProbeResult[],
): Witness[] {
  const sent = saysNo(direct?.plain) || saysNo(proxied.plain);
  if (!sent) return [];
  // A timer is none of those that this header is about.
  const isHeld = results.some(
    ({ fault }) => fault?.startsWith('buffer.') === true && fault !== 'buffer.timer',
  );
  const evidence: Evidence[] = [
    ...(isHeld ? [{ k: 'xabCures', v: false }] : []),
    ...(proxied.plain.head === undefined ? [] : [{ k: 'xabRemoved', v: !saysNo(proxied.plain) }]),
  ];
  return [{ probe: 'xab', status: 'pass', proxied: {}, evidence }];
}

function saysNo(seen: Observation | undefined): boolean {
  return (
    headerValue(seen?.head?.headers ?? [], 'x-accel-buffering')
      ?.trim()
      .toLowerCase() === 'no'
  );
}
