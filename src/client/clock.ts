/**
 * Milliseconds on CLOCK_MONOTONIC, the same clock in every process of a machine.
 * (`performance.now()` has an origin of its own in each process.) Whole microseconds: a recording keeps no more, and
 * times that differ by less are one.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + Math.round(nanoseconds / 1e3) / 1e3;
}

/**
 * What the time of day was ahead of the monotonic clock when this process began, in milliseconds with fractions: Node reads it
 * to the microsecond then. That the clock was set since doesn't concern it.
 */
export function wallAheadMs(): number {
  return performance.timeOrigin + performance.now() - monotonicMs();
}

/**
 * The time of day at a time of the monotonic clock, as the clock is set now: milliseconds since 1970, and no surer than whole
 * ones.
 */
export function wallMsAt(atMs: number): number {
  return Date.now() - (monotonicMs() - atMs);
}
