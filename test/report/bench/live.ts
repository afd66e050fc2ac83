import type { LiveWindow } from '../../../src/results/bench/live.ts';
import type { MetricsSnapshot } from '../../../src/results/bench/snapshot.ts';
import { LatencyHistogram } from '../../../src/stats/latency-histogram.ts';
import { aResult, aWindow, NO_COUNTS, NO_ENDINGS } from './results.ts';

/** What a window measured whose event gaps were these. */
export function aSnapshot(gaps: readonly number[]): MetricsSnapshot {
  const histogram = new LatencyHistogram();
  for (const gap of gaps) histogram.record(gap);
  return {
    ...{ fromMs: 3_000, toMs: 4_000, counts: NO_COUNTS, endings: NO_ENDINGS },
    ...{ connected: 400, connecting: 0, waiting: 0 },
    histograms: { event_gap: histogram.encode() },
    ...{ lifetime: {}, shortestCut: {}, errors: [] },
  };
}

/** The fourth second of a run. */
export function aLiveWindow(changes: Partial<LiveWindow> = {}): LiveWindow {
  const { startedAt, target, plan, counts } = aResult();
  return {
    run: { startedAt, target, plan },
    window: aWindow({ from: 3_000, to: 4_000 }),
    snapshot: aSnapshot([500, 502, 504]),
    generator: [{ worker: 1, cpu: 0.2, loopLatenessP99: 0.4, loopLatenessMax: 2, rss: 90_000_000 }],
    soFar: { counts, firstEventP99: { value: 40.9, atLeast: false } },
    ...changes,
  };
}
