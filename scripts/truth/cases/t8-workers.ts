import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { MetricName } from '../../../src/results/bench/metric.ts';
import type { BenchResult, MetricFigures } from '../../../src/results/bench/result.ts';
import type { Counts } from '../../../src/results/bench/snapshot.ts';
import { against, type Observed } from '../against-server.ts';
import { type Check, exactly, within } from '../check.ts';
import { event, HEAD, LAST_CHUNK, type Script } from '../script.ts';
import { mean, quantile } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** The rate climbs to this and falls to 0, a second of each; then a pause in which all streams come to their end. */
interface Load {
  perSecond: number;
  climbSeconds: number;
}

/** What the same streams come to, whatever process they run in; how their bytes are cut into reads is left out. */
const COUNTS = [
  'planned',
  'started',
  'succeeded',
  'failed',
  'open',
  'attempts',
  'failedAttempts',
  'events',
  'comments',
  'bytes',
  'wireBytes',
  'opened',
  'outages',
] as const satisfies readonly (keyof Counts)[];

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/** Half a unit in the third digit is less, whatever the first ones are. */
const THREE_DIGITS = 0.001;

/** Five events, a pause in which some streams leave, and the end. */
const SERVER: Script = [
  [
    { name: 'headers', afterMs: 0, write: HEAD },
    ...[1, 2, 3, 4, 5].map((id) => ({ name: 'event', afterMs: 20, write: event(id) })),
    { name: 'end', afterMs: 1_000, write: LAST_CHUNK, and: 'finish' },
  ],
];

export const t8: TruthCase = {
  id: 'T8',
  title: 'one worker or four: the same counts, and the quantiles of all samples together',
  run: () => workers({ perSecond: 300, climbSeconds: 3 }),
};

export async function workers(load: Load): Promise<Check[]> {
  const [alone, shared] = await Promise.all([runOn(1, load), runOn(4, load)]);
  const { counts, endings } = alone.result;
  return [
    exactly('streams started', load.perSecond * load.climbSeconds, counts.started),
    ...COUNTS.map((name) => exactly(`${name}: on 4 as on 1`, counts[name], shared.result.counts[name])),
    ...(['eof', 'client'] as const).map((name) =>
      exactly(`endings, ${name}: on 4 as on 1`, endings[name], shared.result.endings[name]),
    ),
    exactly('streams that left on 4 only, or on 1 only', 0, differing(leavers(alone), leavers(shared))),
    ...pooled('on 1', alone),
    ...pooled('on 4', shared),
  ];
}

async function runOn(count: number, { perSecond, climbSeconds }: Load): Promise<Observed> {
  const stages = `${climbSeconds}s:${perSecond}/s,${climbSeconds}s:0/s,2s:0/s`;
  return against(SERVER, {
    streams: perSecond * climbSeconds,
    load: [
      '--stages',
      stages,
      '--cancel',
      '30%@600ms',
      '--seed',
      '8',
      '--reconnect',
      'none',
      '--workers',
      `${count}`,
    ],
    samples: true,
  });
}

/** The streams whose end the server did not come to. */
function leavers({ served }: Observed): Set<number> {
  const left = served.filter(({ stamps }) => stamps.every(({ name }) => name !== 'end'));
  return new Set(left.map(({ stream }) => stream));
}

function differing(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  const missing = (from: ReadonlySet<number>, of: ReadonlySet<number>) =>
    [...of].filter((each) => !from.has(each)).length;
  return missing(one, other) + missing(other, one);
}

/** Each metric against the raw values of all workers. */
function pooled(where: string, { result, samples }: Observed): Check[] {
  const metrics = metricsOf(result).map(([name, figures]) => {
    const raw = samples.get(name) ?? [];
    // Quantiles weigh what was cut short, which raw values don't show.
    const quantiles = name in result.censored ? [] : quantilesOf(figures, raw);
    return { name: `${where}: ${name}`, figures, raw, quantiles };
  });
  return [
    ...metrics.flatMap(({ name, figures, raw, quantiles }) => [
      exactly(`${name}: values`, raw.length, figures.count),
      within(`${name} mean`, 0.001, { kind: 'exact', expected: mean(raw), measured: figures.mean }),
      ...quantiles
        .sort((one, other) => distance(other) - distance(one))
        .slice(0, 1)
        .map((worst) => inDigits(name, worst)),
    ]),
    exactly(
      `${where}: quantiles that hdr, decoded, has otherwise`,
      0,
      metrics.flatMap(({ quantiles }) => quantiles).filter(({ measured, decoded }) => measured !== decoded)
        .length,
    ),
  ];
}

function metricsOf({ metrics }: BenchResult): [MetricName, MetricFigures][] {
  const { lifetime: _, ...others } = metrics;
  return Object.entries(others) as [MetricName, MetricFigures][];
}

interface Quantile {
  name: string;
  /** Of the raw values, in the result, and of the histogram in the result. */
  exact: number;
  measured: number;
  decoded: number;
}

/** Those that have samples enough to be printed. */
function quantilesOf(figures: MetricFigures, raw: readonly number[]): Quantile[] {
  const histogram = decodeFromCompressedBase64(figures.hdr);
  return (Object.keys(QUANTILES) as (keyof typeof QUANTILES)[]).flatMap((name) => {
    const measured = figures[name];
    if (measured === null) return [];
    const q = QUANTILES[name];
    // The upper end of a cell, which no value of it may reach.
    const decoded = Math.min(histogram.getValueAtPercentile(100 * q) / 1000, figures.max);
    return [{ name, exact: quantile(raw, q), measured, decoded }];
  });
}

function inDigits(metric: string, { name, exact, measured }: Quantile): Check {
  // A histogram holds whole microseconds.
  const tolerance = Math.ceil(1000 * exact * THREE_DIGITS + 1) / 1000;
  return within(`${metric} ${name}, the worst`, tolerance, { kind: 'exact', expected: exact, measured });
}

function distance({ exact, measured }: Quantile): number {
  return Math.abs(measured - exact) / Math.max(exact, 0.001);
}
