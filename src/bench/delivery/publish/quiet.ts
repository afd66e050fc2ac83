/** Nothing is published for so long before the end of a run: what was published can arrive. */
const QUIET_MS = 250;
/** Of a short run no more than this share. */
const QUIET_SHARE = 0.05;

/** How long before the end of a run, or of a stream, an event must have been sent to be owed; milliseconds. */
export function quietMs(durationMs: number): number {
  return Math.min(QUIET_MS, durationMs * QUIET_SHARE);
}
