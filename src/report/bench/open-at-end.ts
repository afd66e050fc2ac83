import type { BenchResult } from '../../results/bench/result.ts';

/** Streams that count as open when the run's time was over. */
export interface OpenAtEnd {
  connected: number;
  /** Those that were not: never answered, or trying to come back. */
  waiting: number;
  /** Of `waiting`: those that had asked and had no answer. */
  asking: number;
}

export function openAtEnd({ counts: { open }, series }: BenchResult): OpenAtEnd {
  const last = series.at(-1);
  const connected = Math.min(open, last?.connected ?? open);
  const waiting = open - connected;
  return { connected, waiting, asking: Math.min(waiting, last?.connecting ?? 0) };
}
