import { monotonicMs } from '../../client/clock.ts';
import { sleep } from '../sleep.ts';
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
  // No `AbortSignal.any` with a timeout's signal: Node 20 may collect that one as garbage, and then it never aborts.
  const endMs = monotonicMs() + forMs;
  for (;;) {
    const visits = await origin.visits(key);
    const leftMs = endMs - monotonicMs();
    if (signal.aborted || leftMs <= 0 || until(visits)) return visits;
    // What ends the wait is looked at behind it.
    await sleep(Math.min(LOOK_EVERY_MS, leftMs), signal);
  }
}
