import type { Handler } from './answer.ts';
import { numbered } from './numbered.ts';

/** What a tick looks like, and when it comes. */
export interface TickShape {
  intervalMs: number;
  /** The stream ends behind this one. Absent: never. */
  count: number | undefined;
  event: string | undefined;
  /** The data of tick `n`. */
  data: (n: number, nowMs: number) => string;
}

/** The same for everyone, from 1. */
export function ticker({ intervalMs, count, event, data }: TickShape): Handler {
  return numbered(
    (n) => ({ afterMs: intervalMs, event: (nowMs) => ({ event, data: data(n, nowMs) }) }),
    count,
    { periodMs: intervalMs },
  );
}

/** JSON that tells a tick's number and when it was sent (milliseconds since the epoch), padded to a size. */
export function tickData(sizeBytes = 0): TickShape['data'] {
  return (n, nowMs) => {
    const told = `{"n":${n},"sentAt":${nowMs}}`;
    const missing = sizeBytes - told.length;
    if (missing <= 0) return told;
    // The member that pads takes nine bytes itself.
    return `${told.slice(0, -1)},"pad":"${'.'.repeat(Math.max(0, missing - 9))}"}`;
  };
}
