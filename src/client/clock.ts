/**
 * Milliseconds on CLOCK_MONOTONIC, the same clock in every process of a machine.
 * (`performance.now()` has an origin of its own in each process.) Whole microseconds: a recording keeps no more, and
 * times that differ by less are one.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + Math.round(nanoseconds / 1e3) / 1e3;
}
