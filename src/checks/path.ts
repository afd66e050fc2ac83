import type { HeaderPair } from '../client/records.ts';
import type { CheckResult } from '../results/check/result.ts';
import { observe } from './observe.ts';
import { scripted } from './scripted.ts';
import type { ProbeContext, Way } from './way.ts';

/** For the one event of an answer that ends at once. */
const ANSWER_MS = 5_000;

const MOST_HOPS = 10;

/** What is spoken on either side of the proxy, and who says of itself that it is in between. */
export async function lookAtPath(proxied: Way, context: ProbeContext): Promise<CheckResult['path']> {
  const { key, request } = scripted(proxied, { steps: [{ do: 'echo' }] });
  const { pool, signal, origin } = context;
  const seen = await observe(pool, request, { forMs: ANSWER_MS, signal });
  const [visit] = await origin.visits(key);
  const hops = [...hopsOf(visit?.request.headers ?? []), ...hopsOf(seen.head?.headers ?? [])];
  return {
    clientHttp: seen.head?.http ?? '1.1',
    ...(visit === undefined ? {} : { originHttp: visit.request.httpVersion }),
    hops: [...new Set(hops)].slice(0, MOST_HOPS),
  };
}

/** `Via: 1.1 edge (squid), 1.1 inner` (RFC 9110 §7.6.3). */
function hopsOf(headers: readonly HeaderPair[]): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'via')
    .flatMap(([, value]) => value.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
