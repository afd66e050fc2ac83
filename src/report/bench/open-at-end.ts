import type { BenchResult } from '../../results/bench/result.ts';

/**
 * Streams that count as open when the run's time was over: those that were, and those that had lost their connection and were
 * trying again.
 */
export function openAtEnd({ counts: { open }, series }: BenchResult): { connected: number; waiting: number } {
  const connected = Math.min(open, series.at(-1)?.connected ?? open);
  return { connected, waiting: open - connected };
}
