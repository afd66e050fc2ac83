/**
 * Milliseconds on CLOCK_MONOTONIC, the same clock in every process of a machine.
 * (`performance.now()` has an origin of its own in each process.)
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
