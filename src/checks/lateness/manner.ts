import { gapsOf } from './gaps.ts';
/** How late events come that are held: all at the end, each later than the one before, or otherwise. */
export type Manner = 'at the end' | 'ever later' | 'now and then';

/** Not one came before so much of the time was over in which they were sent. */
const AT_THE_END = 0.95;
/** So great a share of events comes no sooner behind its sending than the one before. */
const MOST_LATER = 0.75;
/** By so much, from the first to the last: more than a timer lets go of again. */
const LATER_MS = 500;

/**
 * @param lagsMs of those that came, in the order that they were sent
 * @param forMs from the first one's sending to the last one's
 */
export function mannerOf(lagsMs: readonly number[], forMs: number): Manner {
  const [first] = lagsMs;
  const last = lagsMs.at(-1) ?? 0;
  // What comes together was sent apart.
  if (first === undefined || (first >= AT_THE_END * forMs && first - last >= forMs / 2)) return 'at the end';
  const steps = gapsOf(lagsMs);
  const later = steps.filter((ms) => ms >= 0).length;
  const isEverLater = later >= MOST_LATER * steps.length && last - first > LATER_MS;
  return isEverLater ? 'ever later' : 'now and then';
}
