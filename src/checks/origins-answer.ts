import { NotMeasurable } from './not-measurable.ts';
import type { ObservedHead } from './observation.ts';
import type { Origin, Visit } from './origin/visit.ts';

/**
 * What the origin saw of a request whose answer is looked at.
 *
 * @param head of the answer that the client got; none where it got none
 * @throws NotMeasurable where the answer is none of the origin's, or the origin has sent none
 */
export async function visitOf(
  origin: Origin,
  key: string,
  head: ObservedHead | undefined,
): Promise<Visit & { headAtMs: number }> {
  if (head !== undefined && head.status !== 200)
    throw new NotMeasurable(`the answer was HTTP ${head.status}, not the origin's`);
  const [visit] = await origin.visits(key);
  if (visit?.headAtMs === undefined) throw new NotMeasurable('the request never reached the origin');
  return { ...visit, headAtMs: visit.headAtMs };
}
