import { ENDINGS, type Ending } from '../../../src/results/bench/metric.ts';
import type { BenchResult, MetricFigures, SeriesWindow } from '../../../src/results/bench/result.ts';
import type { Counts } from '../../../src/results/bench/snapshot.ts';
import { LatencyHistogram } from '../../../src/stats/latency-histogram.ts';

/** The figures of values of one's choice, as a run has them. */
export function figuresOf(values: readonly number[], cut: readonly number[] = []): MetricFigures {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  for (const value of cut) histogram.censor(value);
  const { count, min, mean, max, clipped } = histogram;
  const keys = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
  const names = Object.keys(keys) as (keyof typeof keys)[];
  const [p50 = null, p90 = null, p95 = null, p99 = null, p999 = null] = names.map(
    (name) => histogram.quantile(keys[name]).value,
  );
  const atLeast = names.filter((name) => histogram.quantile(keys[name]).atLeast);
  return {
    ...{ unit: 'ms', count, min, mean, p50, p90, p95, p99, p999, max },
    ...(atLeast.length > 0 ? { atLeast } : {}),
    ...{ clipped, hdr: histogram.toBase64() },
  };
}

/** So many values, evenly between two. */
export function spread(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
}

export const NO_ENDINGS = Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>;

export const NO_COUNTS: Counts = {
  ...{ planned: 0, started: 0, succeeded: 0, failed: 0, open: 0, withheld: 0, neverOpened: 0, http2: 0 },
  ...{ attempts: 0, failedAttempts: 0, events: 0, comments: 0, bytes: 0, wireBytes: 0 },
  ...{ reads: 0, coalescedEvents: 0, outages: 0, opened: 0 },
};

export function aWindow(changes: Partial<SeriesWindow> = {}): SeriesWindow {
  return {
    ...{ from: 0, to: 1000, started: 0, connected: 400, connecting: 0, waiting: 0, target: 400 },
    ...{ events: 800, bytes: 38_400, attempts: 0, failedAttempts: 0 },
    ...{ firstEventP50: null, firstEventP99: null, eventGapP99: 502, deliveryLatencyP99: null },
    ...changes,
  };
}

/** A run that held 400 streams for 10 s against a server that did well. */
export function aResult(changes: Partial<BenchResult> = {}): BenchResult {
  const firstEvents = spread(400, 12, 41.2);
  const gaps = spread(7_600, 480, 1_200);
  return {
    schema: 1,
    kind: 'bench',
    tool: { name: 'ssekit', version: '0.1.0' },
    startedAt: '2026-03-01T10:00:00.000Z',
    target: 'http://127.0.0.1:4000/',
    plan: {
      ...{ model: 'closed', load: '-c 400, ramp-up 1 s', durationMs: 10_000, rampUpMs: 1_000, warmUpMs: 0 },
      ...{ starts: 400, peak: 400, workers: 2, reconnect: 'persistent', seed: 42, notes: [] },
    },
    verdict: { status: 'VALID', reasons: [] },
    counts: {
      ...NO_COUNTS,
      ...{ planned: 400, started: 400, open: 400, attempts: 400, opened: 400 },
      ...{ events: 8_000, bytes: 384_000, wireBytes: 384_000, reads: 8_000 },
    },
    measuredSeconds: 10,
    endings: { ...NO_ENDINGS, open: 400 },
    metrics: {
      start_delay: figuresOf(spread(400, 0.05, 0.9)),
      time_to_tcp: figuresOf(spread(400, 0.1, 0.8)),
      time_to_headers: figuresOf(spread(400, 1, 8)),
      time_to_headers_from_planned: figuresOf(spread(400, 1.1, 8.4)),
      time_to_first_byte: figuresOf(spread(400, 11, 40.9)),
      time_to_first_byte_from_planned: figuresOf(spread(400, 11.1, 41.3)),
      time_to_first_event: figuresOf(firstEvents),
      time_to_first_event_from_planned: figuresOf(firstEvents.map((ms) => ms + 0.4)),
      event_gap: figuresOf(gaps),
      silence: figuresOf(gaps),
      lifetime: { open: figuresOf(spread(400, 9_000, 10_000)) },
    },
    censored: {
      event_gap: { count: 400, longest: 498, lost: 0 },
      silence: { count: 400, longest: 498, lost: 0 },
    },
    shortestCut: {},
    thresholds: [],
    errors: [],
    series: Array.from({ length: 10 }, (_, i) =>
      i === 0
        ? aWindow({ started: 400, attempts: 400, events: 310, firstEventP50: 26.7, firstEventP99: 40.9 })
        : aWindow({ from: i * 1000, to: (i + 1) * 1000 }),
    ),
    generator: {
      cores: 2,
      node: 'v20.19.0',
      workers: [0, 1].map((worker) => ({
        worker,
        cpu: { mean: 0.07, max: 0.21 },
        runQueueWait: { mean: 0.004, max: 0.02 },
        loopLateness: { p99Median: 0.3, p99Max: 1.1, max: 4.2 },
        ...{ saturatedSeconds: 0, rssMax: 92_000_000, streamsMax: 200 },
      })),
    },
    ...changes,
  };
}

/** A run in which much went wrong, on either side: every section has something to say. */
export function aTroubledResult(changes: Partial<BenchResult> = {}): BenchResult {
  const good = aResult();
  const waits = spread(100, 500, 3_000);
  return aResult({
    target: 'https://api.example.com/events?token=•••',
    plan: {
      ...good.plan,
      ...{ load: '100 starts/s', model: 'open', warmUpMs: 2_000, starts: 1_000, peak: 1_000, workers: 2 },
      notes: ['10 % cut at 6s (--drop-at)', '2 % read at 1 KB/s (--slow)'],
    },
    verdict: {
      status: 'INVALID',
      reasons: [
        {
          ...{ code: 'generator-late', figure: 1_830, limit: 10, unit: 'ms' },
          message: 'streams started later than planned',
          remedy: 'Start fewer a second, give it more cores, or more workers (--workers).',
        },
        {
          ...{ code: 'generator-saturated', figure: 7, limit: 2, unit: 's' },
          message: 'worker 2 used a whole core',
          remedy: 'Use more workers (--workers 4), or a machine with more cores.',
        },
      ],
    },
    counts: {
      ...NO_COUNTS,
      ...{ planned: 1_000, started: 990, succeeded: 40, failed: 12, open: 938, withheld: 10 },
      ...{ attempts: 1_140, failedAttempts: 62, events: 18_204, comments: 120, bytes: 2_184_000 },
      ...{ wireBytes: 720_000, reads: 16_000, coalescedEvents: 2_204, outages: 138, opened: 1_078 },
    },
    warmUp: { counts: { ...NO_COUNTS, planned: 200, started: 200, events: 1_204, bytes: 144_000 } },
    measuredSeconds: 8,
    endings: { ...NO_ENDINGS, eof: 40, reset: 138, status: 12, connect_error: 12, open: 938 },
    metrics: {
      ...good.metrics,
      start_delay: figuresOf([...spread(900, 0.1, 2), ...spread(100, 100, 1_900)]),
      time_to_first_event: figuresOf(spread(960, 12, 48), spread(30, 100, 7_900)),
      time_to_first_event_from_planned: figuresOf(
        [...spread(864, 12, 50), ...spread(96, 120, 1_948)],
        spread(30, 100, 9_800),
      ),
      keepalive_gap: figuresOf(spread(120, 14_900, 15_100)),
      delivery_latency: figuresOf(spread(17_000, 0.8, 21)),
      reconnect_time: figuresOf(waits.map((ms) => ms + 62)),
      backoff: figuresOf(waits),
      failed_attempts: figuresOf(spread(100, 0, 50)),
      reconnect_headers: figuresOf(spread(100, 2, 12)),
      reconnect_event: figuresOf(spread(100, 14, 64)),
      outage: figuresOf(waits.map((ms) => ms + 114)),
      silence_before_end: figuresOf(spread(138, 3, 400)),
      lifetime: {
        open: figuresOf(spread(938, 1_000, 10_000)),
        reset: figuresOf(spread(138, 4_000, 6_000)),
      },
    },
    censored: {
      time_to_first_event: { count: 30, longest: 7_900, lost: 0 },
      time_to_first_event_from_planned: { count: 30, longest: 9_800, lost: 0 },
      event_gap: { count: 938, longest: 8_200, lost: 0 },
      silence: { count: 938, longest: 8_200, lost: 0 },
    },
    shortestCut: { reset: 3, eof: 60_001 },
    delivery: {
      ...{
        received: 18_190,
        missing: 14,
        duplicated: 3,
        out_of_order: 1,
        replayed: 90,
        rate: 18_190 / 18_204,
      },
      examples: ['stream 17: 204-209 missing after 203', 'stream 90: 12 only after 13'],
      ...{ unnumbered: 3, notes: ['3 events had no number, and are left out of the audit'] },
    },
    publish: {
      ...{ planned: 800, published: 790, failed: 6, late: 2, notStarted: 4 },
      errors: [{ code: 'HTTP_STATUS', count: 6, sample: 'HTTP 413', exit: 4 }],
    },
    storm: {
      ...{ at: 6_000, cut: 100, cutWithin: 49, back: 99, back50: 1_200, back95: 2_800, back100: null },
      ...{ peakAttemptsPerSecond: 81, status429: 12, status503: 0 },
    },
    goodput: { rule: 'first_event<200ms,gap<1s', good: 871, of: 990 },
    thresholds: [
      { rule: 'first_event p99 < 500ms', pass: false, seen: 1948 },
      { rule: 'missing == 0', pass: false, seen: 14 },
      { rule: 'error_rate < 10%', pass: true, seen: 5.44 },
      {
        ...{ rule: 'delivery_latency p99.9 < 50ms', pass: false, seen: null },
        why: '2,000 samples, and 3,000 are needed',
      },
    ],
    errors: [
      { code: 'HTTP_STATUS', count: 12, sample: 'HTTP 429 Too Many Requests', exit: 4 },
      { code: 'ECONNRESET', count: 38, sample: 'the connection was reset', exit: 56 },
      {
        code: 'ECONNREFUSED',
        count: 12,
        sample: 'can\u2019t connect to 10.0.0.7:443: \u001b[2Jrefused',
        exit: 7,
      },
    ],
    series: Array.from({ length: 10 }, (_, i) =>
      aWindow({
        ...{ from: i * 1000, to: (i + 1) * 1000, started: 100 },
        ...(i < 2 ? { warmUp: true as const } : {}),
        connected: i === 6 ? 560 : (i + 1) * 95,
        events: i === 6 ? 700 : (i + 1) * 330,
        failedAttempts: i === 6 ? 50 : i === 7 ? 12 : 0,
      }),
    ),
    ...changes,
  });
}
