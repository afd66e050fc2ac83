/** Quantiles in milliseconds; `null` where too few samples support the figure (n < 3 / (1 − q)). */
export interface Quantiles {
  count: number;
  min: number;
  mean: number;
  p50: number | null;
  /** The quantile falls among gaps cut short: the true value is at least `p50`. */
  p50AtLeast?: true;
  p99: number | null;
  p99AtLeast?: true;
  /** The true maximum, beyond the recorded range too. */
  max: number;
  /** Values outside the recorded range (0 to 1 h), recorded as its ends; absent where there were none. */
  clipped?: number;
  /** Gaps cut short by the end of the stream or of the run: how many, and the longest ("at least"). */
  censored: { count: number; longest: number };
  /** Gaps in which the reading was held up on our side, and which are in no figure; absent where there were none. */
  leftOut?: number;
}

/**
 * How many samples a quantile needs before it may be shown: n ≥ 3 / (1 − q). From there on the true
 * maximum lies above it with 95 % probability.
 */
export function samplesFor(q: number): number {
  // Without rounding, 3 / (1 − 0.99) is 299.9999999999997.
  return Math.round((3 / (1 - q)) * 1e6) / 1e6;
}
