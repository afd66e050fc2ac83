import { monotonicMs, wallAheadMs } from '../../client/clock.ts';

/**
 * A clock that began with the time of day, and goes on without its jumps: what two machines' clocks differ by is then what
 * people know of them.
 *
 * @returns milliseconds since 1970
 */
export function wallAnchoredMs(): () => number {
  const anchorMs = wallAheadMs();
  // Whole microseconds, as the monotonic clock has.
  return () => Math.round((anchorMs + monotonicMs()) * 1e3) / 1e3;
}
