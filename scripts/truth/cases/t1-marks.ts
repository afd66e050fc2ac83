import { monotonicMs } from '../../../src/client/clock.ts';
import type { MetricFigures } from '../../../src/results/bench/result.ts';
import { against } from '../against-server.ts';
import { type Check, exactly, trusted, within } from '../check.ts';
import { chunk, event, HEAD } from '../script.ts';
import { beginning, quantile, stampOf } from '../stamps.ts';
import type { TruthCase } from '../truth-case.ts';

/** Headers, a comment, the first event: each comes when the one before it has long been there. */
const SERVER = [
  [
    { name: 'headers', afterMs: 200, write: HEAD },
    { name: 'comment', afterMs: 300, write: chunk(': hello\n\n') },
    { name: 'event', afterMs: 200, write: event(1) },
  ],
];

const MARKS = [
  { metric: 'time_to_headers', stamp: 'headers' },
  { metric: 'time_to_first_byte', stamp: 'comment' },
  { metric: 'time_to_first_event', stamp: 'event' },
] as const;

export const t1: TruthCase = {
  id: 'T1',
  title: 'headers, first byte and first event are three figures',
  run: () => marks({ streams: 500, perSecond: 100, restMs: 1_500 }),
};

/** Streams that come one after the other, and stay. */
interface Load {
  streams: number;
  perSecond: number;
  /** From when the last one has come. */
  restMs: number;
}

export async function marks({ streams, perSecond, restMs }: Load): Promise<Check[]> {
  const rampUpMs = (1000 * streams) / perSecond;
  const { result, served } = await against(SERVER, {
    streams,
    load: ['-c', `${streams}`, '--ramp-up', `${rampUpMs}ms`, '--for', `${rampUpMs + restMs}ms`],
  });
  const { counts, metrics, verdict } = result;
  const plannedMs = (stream: number) => (1000 * stream) / perSecond;
  const beganAt = beginning(served, plannedMs);
  return [
    exactly('streams started', streams, counts.started),
    exactly('requests that the server read', streams, served.length),
    exactly('comments', streams, counts.comments),
    exactly('events', streams, counts.events),
    exactly('open at the end', streams, counts.open),
    ...MARKS.flatMap(({ metric, stamp }) => [
      exactly(`${metric}: values`, streams, metrics[metric]?.count),
      ...quantilesOf(
        metric,
        metrics[metric],
        served.map((each) => stampOf(each, stamp) - each.acceptedAt),
      ),
      ...quantilesOf(
        `${metric}_from_planned`,
        metrics[`${metric}_from_planned`],
        served.map((each) => stampOf(each, stamp) - beganAt - plannedMs(each.stream)),
      ),
    ]),
    within('when the run began, by its file', 5, {
      kind: 'time',
      expected: 0,
      measured: Date.parse(result.startedAt) - wallMs(beganAt),
    }),
    trusted(verdict),
  ];
}

/** A time of the monotonic clock on that of the wall. */
function wallMs(at: number): number {
  return at + Date.now() - monotonicMs();
}

function quantilesOf(name: string, figures: MetricFigures | undefined, did: readonly number[]): Check[] {
  return [
    within(`${name} p50`, 2, { kind: 'lag', expected: quantile(did, 0.5), measured: figures?.p50 }),
    within(`${name} p99`, 5, { kind: 'lag', expected: quantile(did, 0.99), measured: figures?.p99 }),
  ];
}
