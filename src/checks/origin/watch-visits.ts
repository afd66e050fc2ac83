import { setTimeout as delay } from 'node:timers/promises';
import type { Origin, Visit } from './visit.ts';

/** Times come from the visits themselves: how often is looked costs no precision. */
const LOOK_EVERY_MS = 25;

/** How long the log is looked at, and what for. */
export interface VisitWatch {
  forMs: number;
  until(visits: readonly Visit[]): boolean;
  signal: AbortSignal;
}

/** Looks at the visits of a measurement until they are as wanted, or the time is over. @returns the visits as they are then */
export async function watchVisits(
  origin: Origin,
  key: string,
  { forMs, until, signal }: VisitWatch,
): Promise<readonly Visit[]> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(forMs)]);
  for (;;) {
    const visits = await origin.visits(key);
    if (over.aborted || until(visits)) return visits;
    // What ends the wait is looked at behind it.
    await delay(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => {});
  }
}
