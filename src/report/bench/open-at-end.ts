import type { BenchResult } from '../../results/bench/result.ts';

/** Streams that count as open when the run's time was over. */
export interface OpenAtEnd {
  connected: number;
  /** Those that were not: never answered, or trying to come back. */
  waiting: number;
  /** Of `waiting`: those that had asked and had no answer. */
  asking: number;
  /** Those of a process of the load that was lost: nobody knows. */
  unknown: number;
}

export function openAtEnd({ counts: { open }, series, verdict }: BenchResult): OpenAtEnd {
  const last = series.at(-1);
  const connected = Math.min(open, last?.connected ?? open);
  const away = open - connected;
  const wereLost = verdict.reasons.some(({ code }) => code === 'worker-lost');
  const seen = (last?.connecting ?? 0) + (last?.waiting ?? 0);
  const waiting = wereLost ? Math.min(away, seen) : away;
  return {
    connected,
    waiting,
    asking: Math.min(waiting, last?.connecting ?? 0),
    unknown: away - waiting,
  };
}
