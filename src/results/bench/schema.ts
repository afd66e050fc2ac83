import {
  count,
  flag,
  list,
  number,
  numberOrNull,
  object,
  oneOf,
  only,
  optional,
  pair,
  partialRecord,
  record,
  ref,
  type Schema,
  text,
} from '../json-schema.ts';
import type { DeliveryFigures, SenderClock } from './delivery.ts';
import { ENDINGS, METRICS } from './metric.ts';
import type { PublishFigures } from './publish.ts';
import type {
  BenchResult,
  Calibration,
  Censored,
  Floor,
  InvalidReason,
  MetricFigures,
  PlanSummary,
  SeriesWindow,
  StealFigures,
  Storm,
  ThresholdResult,
  WorkerHealth,
} from './result.ts';
import type { Counts, ErrorCount } from './snapshot.ts';

const metricNames = METRICS.map(({ name }) => name);

const countsDef = object<Counts>({
  planned: count('Streams that were due: of the schedule, and in place of others that had ended.'),
  started: count('Streams: succeeded, failed and open ones.'),
  succeeded: count(),
  failed: count(),
  open: count("Streams that were open, or waiting to reconnect, when the run's time was over."),
  withheld: count('Starts that did not happen, as many streams as -c allows being open.'),
  neverOpened: count('Streams that are over, and never had an answer that was a stream.'),
  http2: count('Of `opened`, those over HTTP/2.'),
  attempts: count('Requests of all streams.'),
  failedAttempts: count(),
  events: count(),
  comments: count(),
  bytes: count('Body bytes after content decoding.'),
  wireBytes: count('Body bytes before content decoding.'),
  reads: count('Socket reads that brought body bytes.'),
  coalescedEvents: count('Events that came in a read together with an earlier one.'),
  outages: count(),
  opened: count('Attempts whose headers accepted the stream.'),
});

const quantile = numberOrNull('null where too few samples support it.');

const figuresDef = object<MetricFigures>(
  {
    unit: only('ms'),
    count: count(),
    min: number(),
    mean: number(),
    p50: quantile,
    p90: quantile,
    p95: quantile,
    p99: quantile,
    p999: quantile,
    max: number(),
    atLeast: optional(list(oneOf('p50', 'p90', 'p95', 'p99', 'p999'))),
    clipped: count('Values outside of 0 to 1 h, recorded as the nearest of them.'),
    hdr: text('HDR histogram of microseconds: V2 encoding, compressed, base64.'),
  },
  'A distribution in milliseconds. Quantiles in atLeast fall among values that an end cut short: they are lower bounds.',
);

const counts = ref('counts', countsDef);
const figures = ref('figures', figuresDef);

const censored = object<Censored>(
  {
    count: count(),
    longest: number('Milliseconds.'),
    lost: count('Of them those that came to no end of their own, which count as infinite.'),
  },
  'Values that an end cut short, of which only a lower bound is known.',
);

const plan = object<PlanSummary>({
  model: oneOf('closed', 'open'),
  load: text('In the words of the command line.'),
  durationMs: number(),
  rampUpMs: number(),
  warmUpMs: number(),
  starts: count('Streams that the schedule has start; those that reopen come on top.'),
  peak: count('Most streams open at a time.'),
  workers: count(),
  http2: optional(only(true, 'HTTP/2 was asked for.')),
  reconnect: oneOf('persistent', 'browser', 'none'),
  seed: number(),
  notes: list(text()),
});

const reason = object<InvalidReason>({
  code: oneOf(
    'generator-late',
    'generator-saturated',
    'load-not-delivered',
    'worker-lost',
    'machine-limits',
    'clock',
  ),
  figure: number(),
  limit: number(),
  unit: text(),
  message: text(),
  remedy: text(),
});

const storm = object<Storm>({
  cut: count(),
  back: count(),
  cutWithin: optional(number('Milliseconds from `at` until the last of them was cut.')),
  status429: count(),
  status503: count(),
  at: number('Milliseconds since the start of the run.'),
  back50: numberOrNull('Milliseconds from `at` until half of the streams were back; null: never.'),
  back95: numberOrNull(),
  back100: numberOrNull(),
  peakAttemptsPerSecond: number(),
});

const threshold = object<ThresholdResult>({
  rule: text(),
  pass: flag(),
  seen: numberOrNull("In the rule's unit; null where nothing supports a figure."),
  why: optional(text()),
});

const window = object<SeriesWindow>({
  from: number('Milliseconds since the start of the run.'),
  to: number(),
  warmUp: optional(only(true, 'Left out of the figures.')),
  started: count(),
  connected: count(),
  connecting: count(),
  waiting: count(),
  target: optional(number('Streams that the plan wants open at its end.')),
  events: count(),
  bytes: count(),
  attempts: count(),
  failedAttempts: count(),
  firstEventP50: numberOrNull('Milliseconds.'),
  firstEventP99: numberOrNull('Milliseconds.'),
  eventGapP99: numberOrNull('Milliseconds.'),
  deliveryLatencyP99: numberOrNull('Milliseconds.'),
  steal: optional(number('The share of all cores of the machine that its host took.')),
});

const share = object<WorkerHealth['cpu']>(
  { mean: numberOrNull(), max: numberOrNull() },
  'Shares of one core; null where all of the run was warm-up or ramp.',
);

const worker = object<WorkerHealth>({
  worker: count(),
  cpu: share,
  runQueueWait: optional(share),
  loopLateness: object<WorkerHealth['loopLateness']>(
    { p99Median: numberOrNull(), p99Max: numberOrNull(), max: numberOrNull() },
    'Milliseconds; null where all of the run was warm-up or ramp.',
  ),
  saturatedSeconds: number(),
  judgedSeconds: optional(number('Seconds outside of warm-up and ramp, in which it was looked at.')),
  rssMax: number('Bytes.'),
  streamsMax: count(),
});

const error = object<ErrorCount>({
  code: text(),
  count: count(),
  sample: text('The first message of it.'),
  varies: optional(only(true, 'Other messages of it say something else, if only in a number.')),
  exit: count('The exit code of a run that fails by it.'),
});

const delivery = object<DeliveryFigures>({
  received: count('Distinct events.'),
  missing: count(),
  duplicated: count(),
  out_of_order: count(),
  replayed: count('Repeated after a reconnect.'),
  unreached: optional(
    count('Streams that never had a published event, although some were sent while they were there.'),
  ),
  partial: optional(count('Published events that some streams had and others missed.')),
  rate: numberOrNull('received ÷ (received + missing)'),
  unnumbered: count('Events left out of the audit, as they had no number.'),
  examples: list(text()),
  notes: list(text('What is to be known of these figures.')),
  clock: optional(
    object<SenderClock>(
      { smallestMs: number(), addedMs: pair(number()), steppedMs: number() },
      "How the sender's clock seems to stand against this machine's.",
    ),
  ),
});

const publish = object<PublishFigures>(
  {
    planned: count(),
    published: count('Accepted by whatever takes them.'),
    failed: count('Refused, or without an answer.'),
    late: count('Published more than 10 ms after their time.'),
    notStarted: count(),
    errors: list(error),
  },
  'What --publish did.',
);

const floor = object<Floor>({
  p50: numberOrNull('Milliseconds.'),
  p99: numberOrNull('Milliseconds.'),
  max: numberOrNull('Milliseconds.'),
});

const calibration = object<Calibration>(
  { startDelay: floor, headers: floor, firstEvent: floor, delivery: floor },
  'What of a figure this machine adds by itself, at the size of the plan.',
);

const result: Schema<BenchResult> = object<BenchResult>({
  schema: only(1, 'Version of this form. Fields are only ever added.'),
  kind: only('bench'),
  tool: object<BenchResult['tool']>({ name: only('ssekit'), version: text() }),
  startedAt: text('ISO 8601, UTC.'),
  target: text('The first URL, without secrets.'),
  targets: optional(list(text())),
  plan,
  verdict: object<BenchResult['verdict']>({ status: oneOf('VALID', 'INVALID'), reasons: list(reason) }),
  ended: optional(
    object<NonNullable<BenchResult['ended']>>({
      early: oneOf('signal', 'threshold', 'invalid'),
      atMs: number(),
    }),
  ),
  counts,
  warmUp: optional(object<NonNullable<BenchResult['warmUp']>>({ counts })),
  measuredSeconds: number('Seconds outside of warm-up.'),
  endings: record(ENDINGS, count()),
  metrics: object<BenchResult['metrics']>({
    ...eachOptional(metricNames, figures),
    lifetime: partialRecord(ENDINGS, figures, 'How long attempts lasted, by their ending.'),
  }),
  censored: partialRecord(metricNames, censored),
  shortestCut: partialRecord(
    ENDINGS,
    number(),
    'Shortest silence after which an attempt was cut, in milliseconds.',
  ),
  delivery: optional(delivery),
  publish: optional(publish),
  storm: optional(storm),
  goodput: optional(
    object<NonNullable<BenchResult['goodput']>>({ rule: text(), good: count(), of: count() }),
  ),
  calibration: optional(calibration),
  thresholds: list(threshold),
  errors: list(error),
  series: list(window),
  generator: object<BenchResult['generator']>({
    cores: count('Of the machine: those too that the load generator may not use.'),
    node: text(),
    workers: list(worker),
    steal: optional(
      object<StealFigures>(
        { mean: number('Over the whole run.'), max: number('In a second.') },
        'Shares of all cores of the machine that its host took; only on Linux.',
      ),
    ),
  }),
});

/** The name of its file in the package. */
export const BENCH_RESULT_SCHEMA_FILE = 'bench-result.json';

/** The form of the result file, for programs that read it. */
export const BENCH_RESULT_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'ssekit bench result',
  description:
    'What `ssekit bench -o FILE.json` writes. Latencies are milliseconds unless a name says otherwise.',
  ...result,
  $defs: { counts: countsDef, figures: figuresDef },
};

function eachOptional<K extends string, T>(keys: readonly K[], schema: Schema<T>) {
  return Object.fromEntries(keys.map((key) => [key, optional(schema)])) as Record<
    K,
    ReturnType<typeof optional<T>>
  >;
}
