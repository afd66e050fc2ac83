import { seededRandom } from '../../stats/random.ts';
import type { Arrival } from './plan.ts';

/** A worker's part of a schedule: the streams whose number modulo `workers` is its own, 0 to workers − 1. */
export function* share(arrivals: Iterable<Arrival>, worker: number, workers: number): Generator<Arrival> {
  for (const arrival of arrivals) if (arrival.index % workers === worker) yield arrival;
}

/**
 * Where a stream lies in [0, 1): those below 0.1 are a tenth of all. It hangs on nothing but its arguments, so that
 * the same streams are chosen whatever the number of workers, and choices of another kind are independent.
 *
 * @param what what the streams are chosen for
 */
export function shareOf(seed: number, streamIndex: number, what: string): number {
  return seededRandom(seed, what, streamIndex)();
}
