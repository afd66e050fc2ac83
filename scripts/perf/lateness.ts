import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { StreamHolder } from './stream-holder.ts';
import { StreamSource } from './stream-sources.ts';

const STREAMS = 1_000;
const EVERY_MS = 1;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 15_000;
const QUANTILE = 0.99;

/** Whether events leave when their schedule says. */
export const lateness: Benchmark = {
  name: 'lateness',
  title: `\`serve-mock\`, ${STREAMS} streams with an event a second each, spread evenly: lateness against the schedule`,
  async run({ progress }) {
    const source = await StreamSource.mock('--silent');
    const holder = new StreamHolder();
    try {
      progress(`${STREAMS} streams for ${(WARM_UP_MS + MEASURED_MS) / 1_000} s`);
      await holder.open(`${source.url}events`, STREAMS, EVERY_MS);
      await sleep(WARM_UP_MS);
      const before = histogram(await source.metrics());
      await sleep(MEASURED_MS);
      const after = histogram(await source.metrics());
      const buckets = after.map(({ upToMs, count }, index) => ({
        upToMs,
        count: count - (before[index]?.count ?? 0),
      }));
      const total = buckets.at(-1)?.count ?? 0;
      const worst = buckets.find(({ count }) => count === total)?.upToMs;
      return [
        {
          what: 'p99',
          unit: 'ms',
          measured: quantile(buckets, QUANTILE),
          goal: { must: 2, aim: 1, better: 'lower' },
          detail: `${total} events, the latest at most ${worst} ms late`,
        },
      ];
    } finally {
      holder.stop();
      source.stop();
    }
  },
};

interface Bucket {
  upToMs: number;
  /** Of this bucket and all below it. */
  count: number;
}

function histogram(metrics: string): Bucket[] {
  const lines = metrics.matchAll(/^ssekit_mock_event_lateness_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm);
  return [...lines].map(([, bound, count]) => ({
    upToMs: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound) * 1e3,
    count: Number(count),
  }));
}

/** Within its bucket interpolated, as Prometheus' `histogram_quantile` does. */
function quantile(buckets: readonly Bucket[], q: number): number {
  const rank = q * (buckets.at(-1)?.count ?? Number.NaN);
  const index = buckets.findIndex(({ count }) => count >= rank);
  const { upToMs, count } = buckets[index] ?? { upToMs: Number.NaN, count: 0 };
  const below = buckets[index - 1] ?? { upToMs: 0, count: 0 };
  if (upToMs === Number.POSITIVE_INFINITY) return upToMs;
  return below.upToMs + (upToMs - below.upToMs) * ((rank - below.count) / (count - below.count));
}
