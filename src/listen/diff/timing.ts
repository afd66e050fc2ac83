import { GapRecorder } from '../../stats/gaps.ts';
import { toMicroseconds } from '../../stats/microseconds.ts';
import type { Quantiles } from '../../stats/quantiles.ts';

/** Times of a run, in milliseconds. */
export interface RunTiming {
  /** Start of the first attempt until its first event. */
  firstEvent?: number;
  /** Between events of different reads. */
  gaps: Quantiles;
}

/** The time between two events in order, where both runs have both. */
export interface GapDifference {
  /** Numbers, on either side, of the event that the gap ends with. */
  a: number;
  b: number;
  gapA: number;
  gapB: number;
}

/** A difference of times counts above both of these: it is never without one. */
export const TOLERANCE = { ms: 50, share: 0.2 } as const;

const LARGEST_KEPT = 5;

/** Compares the gaps that both runs have, and keeps the largest differences. */
export class GapComparison {
  compared = 0;
  /** Of those: beyond the tolerance. */
  beyond = 0;
  readonly largest: GapDifference[] = [];

  add({ a, b, ...times }: GapDifference): void {
    const difference = { a, b, gapA: toMicroseconds(times.gapA), gapB: toMicroseconds(times.gapB) };
    this.compared += 1;
    if (!beyondTolerance(difference.gapA, difference.gapB)) return;
    this.beyond += 1;
    const { largest } = this;
    const size = sizeOf(difference);
    const last = largest.at(-1);
    if (largest.length === LARGEST_KEPT && last !== undefined && sizeOf(last) >= size) return;
    const place = largest.findIndex((each) => sizeOf(each) < size);
    largest.splice(place === -1 ? largest.length : place, 0, difference);
    largest.length = Math.min(largest.length, LARGEST_KEPT);
  }
}

/** Whether two times differ by more than is worth telling. */
export function beyondTolerance(a: number, b: number): boolean {
  return Math.abs(a - b) > Math.max(TOLERANCE.ms, TOLERANCE.share * Math.max(a, b));
}

function sizeOf({ gapA, gapB }: GapDifference): number {
  return Math.abs(gapA - gapB);
}

/** Times of the events of one run, as they come. */
export class EventTimes {
  readonly #gaps = new GapRecorder();
  #last: { t: number; conn: number } | undefined;

  /** Returns the time since the event before, on the same connection. */
  add({ t, conn }: { t: number; conn: number }): number | undefined {
    const last = this.#last;
    this.#last = { t, conn };
    if (last === undefined || last.conn !== conn) return undefined;
    // Events of one read are one arrival.
    if (t !== last.t) this.#gaps.record(t - last.t);
    return t - last.t;
  }

  quantiles(): Quantiles {
    return this.#gaps.quantiles();
  }
}
