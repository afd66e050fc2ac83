import { METRICS } from '../../../results/bench/metric.ts';
import type { BenchResult, MetricFigures } from '../../../results/bench/result.ts';
import type { Counts } from '../../../results/bench/snapshot.ts';
import type { ResultForm } from './form.ts';

type Labels = Readonly<Record<string, string | number>>;

interface Sample {
  /** Behind the name of the family: `_sum`. */
  suffix?: string;
  labels?: Labels;
  value: number;
}

interface Family {
  name: string;
  type: 'gauge' | 'summary';
  help: string;
  samples: readonly Sample[];
}

const PREFIX = 'ssekit_bench_';

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/**
 * The figures of one run that is over, in the text format of Prometheus (0.0.4), in seconds and bytes: for the textfile
 * collector, or to be pushed.
 */
export const prometheusForm: ResultForm = {
  text: (result) =>
    [...overall(result), ...phases(result), ...latencies(result)]
      .filter(({ samples }) => samples.length > 0)
      .map(familyText)
      .join(''),
};

function overall(result: BenchResult): Family[] {
  const { tool, target, plan, verdict, counts, endings, measuredSeconds, delivery, goodput } = result;
  const { planned, started, succeeded, failed, open, neverOpened } = counts;
  return [
    gauge('info', 'What was run; always 1.', [
      { labels: { version: tool.version, target, model: plan.model, load: plan.load }, value: 1 },
    ]),
    gauge('started_timestamp_seconds', 'When the run started.', one(Date.parse(result.startedAt) / 1000)),
    gauge('measured_seconds', 'Time that was measured, without warm-up.', one(measuredSeconds)),
    gauge('valid', '1 where the figures can be trusted.', one(verdict.status === 'VALID' ? 1 : 0)),
    gauge(
      'invalid_reason',
      'Why the figures can not be trusted.',
      verdict.reasons.map(({ code, unit, figure }) => ({ labels: { code, unit }, value: figure })),
    ),
    gauge(
      'streams',
      'Streams of the whole run by what became of them.',
      by('state', { planned, started, succeeded, failed, open, never_opened: neverOpened }),
    ),
    gauge('endings', 'Attempts of the whole run by how they ended.', by('ending', endings)),
    gauge('errors', 'Errors of attempts of the whole run.', errorSamples(result.errors)),
    gauge(
      'delivery',
      'Events by the audit of --sequence.',
      delivery === undefined ? [] : auditSamples(delivery),
    ),
    gauge(
      'goodput_ratio',
      'Share of streams that met the rule of --goodput.',
      goodput === undefined || goodput.of === 0 ? [] : one(goodput.good / goodput.of),
    ),
    gauge(
      'threshold_pass',
      '1 where the rule of --threshold holds.',
      result.thresholds.map(({ rule, pass }) => ({ labels: { rule }, value: pass ? 1 : 0 })),
    ),
  ];
}

const COUNTED = [
  ['attempts', 'attempts', 'Requests of all streams'],
  ['failed_attempts', 'failedAttempts', 'Requests that failed'],
  ['events', 'events', 'Events received'],
  ['comments', 'comments', 'Comments received'],
  ['body_bytes', 'bytes', 'Body bytes after decoding'],
  ['wire_bytes', 'wireBytes', 'Body bytes before decoding'],
  ['outages', 'outages', 'Times that a stream was interrupted'],
] as const satisfies readonly (readonly [name: string, key: keyof Counts, help: string])[];

/** Rates and latencies are those of the time that is measured: counts are told for it and for warm-up apart. */
function phases({ counts, warmUp, measuredSeconds }: BenchResult): Family[] {
  const measured = (key: keyof Counts) => counts[key] - (warmUp?.counts[key] ?? 0);
  const rate = (key: keyof Counts) => (measuredSeconds > 0 ? one(measured(key) / measuredSeconds) : []);
  const attempts = measured('attempts');
  return [
    ...COUNTED.map(([name, key, help]) =>
      gauge(
        name,
        `${help}, by the phase of the run.`,
        by('phase', {
          measured: measured(key),
          ...(warmUp === undefined ? {} : { warmup: warmUp.counts[key] }),
        }),
      ),
    ),
    gauge('started_per_second', 'Streams started, outside of warm-up.', rate('started')),
    gauge('events_per_second', 'Events received, outside of warm-up.', rate('events')),
    gauge('body_bytes_per_second', 'Body bytes after decoding, outside of warm-up.', rate('bytes')),
    gauge(
      'error_ratio',
      'Share of requests that failed, outside of warm-up.',
      attempts > 0 ? one(measured('failedAttempts') / attempts) : [],
    ),
  ];
}

function latencies({ metrics, censored }: BenchResult): Family[] {
  return METRICS.flatMap(({ name, title }) => {
    const figures = metrics[name];
    if (figures === undefined) return [];
    const about = `Of ${title} (${name}):`;
    return [
      {
        ...{ name: `${PREFIX}${name}_seconds`, type: 'summary' as const },
        help: `${about} quantiles; those that fall among values cut short are +Inf.`,
        samples: summarySamples(figures),
      },
      gauge(
        `${name}_max_seconds`,
        `${about} the longest.`,
        figures.count === 0 ? [] : one(figures.max / 1000),
      ),
      gauge(`${name}_cut_short`, `${about} values cut short by an end.`, one(censored[name]?.count ?? 0)),
    ];
  });
}

/** What too few samples support is left out. */
function summarySamples(figures: MetricFigures): Sample[] {
  const keys = Object.keys(QUANTILES) as (keyof typeof QUANTILES)[];
  const quantiles = keys.flatMap((key): Sample[] => {
    const value = figures[key];
    if (value === null) return [];
    const isLowerBound = figures.atLeast?.includes(key) === true;
    return [
      { labels: { quantile: QUANTILES[key] }, value: isLowerBound ? Number.POSITIVE_INFINITY : value / 1000 },
    ];
  });
  const sum = (figures.mean * figures.count) / 1000;
  return [...quantiles, { suffix: '_sum', value: sum }, { suffix: '_count', value: figures.count }];
}

/** A code has a single sample for each exit code: errors of several statuses are added up. */
function errorSamples(errors: BenchResult['errors']): Sample[] {
  const samples = new Map<string, { labels: Labels; value: number }>();
  for (const { code, exit, count } of errors) {
    const sample = samples.get(`${code} ${exit}`);
    if (sample !== undefined) sample.value += count;
    else samples.set(`${code} ${exit}`, { labels: { code, exit }, value: count });
  }
  return [...samples.values()];
}

function auditSamples(delivery: NonNullable<BenchResult['delivery']>): Sample[] {
  const { received, missing, duplicated, out_of_order, replayed } = delivery;
  return by('kind', { received, missing, duplicated, out_of_order, replayed });
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: PREFIX + name, type: 'gauge', help, samples };
}

function one(value: number): Sample[] {
  return [{ value }];
}

function by(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${valueText(value)}`,
  );
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function valueText(value: number): string {
  // Milliseconds divided by 1,000 have more digits than were measured.
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(Number(value.toPrecision(12)));
}
