import { GivenUp, NotMeasurable } from '../not-measurable.ts';
import type { Origin, Visit } from '../origin/visit.ts';
import type { ObservedHead } from './observation.ts';

/**
 * What the origin saw of a request whose answer is looked at.
 *
 * @param head of the answer that the client got; none where it got none
 * @throws NotMeasurable where the answer is none of the origin's, or the origin has sent none
 * @throws GivenUp where it is an error in place of one that the origin had begun
 */
export async function visitOf(
  origin: Origin,
  key: string,
  head: ObservedHead | undefined,
): Promise<Visit & { headAtMs: number }> {
  const [visit] = await visitsOf(origin, key, head?.status);
  if (head !== undefined && isProxysError(head.status) && visit.headAtMs !== undefined)
    throw new GivenUp(head.status, Math.max(0, head.at - (visit.headAtMs - origin.clock.aheadMs)));
  if (head !== undefined && head.status !== 200)
    throw new NotMeasurable(`the answer was HTTP ${head.status}, not the origin's`);
  if (visit.headAtMs === undefined) throw new NotMeasurable('the origin was asked, and sent no head');
  return { ...visit, headAtMs: visit.headAtMs };
}

/**
 * All that the origin saw of a request, which may have been repeated.
 *
 * @param status of the answer that the client got; none where it got none
 * @throws NotMeasurable where the origin was not asked
 */
export async function visitsOf(
  origin: Origin,
  key: string,
  status: number | undefined,
): Promise<readonly [Visit, ...Visit[]]> {
  const [first, ...others] = await origin.visits(key);
  if (first === undefined) throw new NotMeasurable(notAsked(status));
  return [first, ...others];
}

/** Of the answer to a request that the origin answers with 200: by such a status a proxy says that it has none. */
export function isProxysError(status: number): boolean {
  return status >= 500;
}

/** Whether the origin was asked for it at all: what it wasn't asked for is nobody's doing but the proxy's own. */
export async function wasAsked(origin: Origin, key: string): Promise<boolean> {
  return (await origin.visits(key)).length > 0;
}

/** Of a request that the origin wasn't asked for, a phrase. @param status of the answer that came all the same */
export function notAsked(status: number | null | undefined): string {
  return status === undefined || status === null
    ? 'the request never reached the origin'
    : `the proxy answered HTTP ${status} itself, and did not ask the origin`;
}
