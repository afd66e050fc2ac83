import { LONGEST_MS } from '../../notation/duration.ts';

/**
 * Calls once the time has come, and never before it, however far off that is: a timer above 2³¹−1 ms would fire at once,
 * and any timer may fire a little early, as it counts from when the loop last looked at the clock.
 *
 * @param at on the clock; one that has passed is now, within this call
 * @param now monotonic milliseconds
 * @returns what cancels the wait
 */
export function callAt(at: number, now: () => number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const leftMs = at - now();
    if (leftMs > 0) timer = setTimeout(look, Math.min(LONGEST_MS, leftMs));
    else call();
  };
  look();
  return () => clearTimeout(timer);
}
