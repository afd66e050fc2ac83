/** So many intervals of this length, one after the other in any order. */
export interface IntervalStep {
  ms: number;
  count: number;
}

/**
 * For how long whatever comes at any instant waits until the event loop looks, where these are the intervals between its
 * looks: the time that a share `q` of all instants waits at most. Each instant of an interval waits until its end, so that a
 * stall weighs as much as it lasts; by their number, one of 400 ms among six hundred looks would not be seen.
 *
 * @returns milliseconds; 0 without intervals
 */
export function latenessQuantile(steps: readonly IntervalStep[], q: number): number {
  const total = steps.reduce((sum, { ms, count }) => sum + ms * count, 0);
  // Instants that wait longer than x: those further than x from the end of their interval.
  const beyond = (x: number) => steps.reduce((sum, { ms, count }) => sum + Math.max(0, ms - x) * count, 0);
  const allowed = (1 - q) * total;
  let least = 0;
  let most = steps.reduce((longest, { ms }) => Math.max(longest, ms), 0);
  while (most - least > 0.01) {
    const middle = (least + most) / 2;
    if (beyond(middle) > allowed) least = middle;
    else most = middle;
  }
  return most;
}
