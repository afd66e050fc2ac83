/**
 * Milliseconds to the whole microsecond, which is all that a clock at a socket read can claim, and all that a
 * recording keeps. What is computed from such times is the same for a run and for its replay.
 */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
