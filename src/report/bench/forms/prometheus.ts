import { METRICS } from '../../../results/bench/metric.ts';
import type { BenchResult, MetricFigures } from '../../../results/bench/result.ts';
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
    [...overall(result), ...latencies(result)]
      .filter(({ samples }) => samples.length > 0)
      .map(familyText)
      .join(''),
};

function overall(result: BenchResult): Family[] {
  const { tool, target, plan, verdict, counts, endings, measuredSeconds, delivery, goodput } = result;
  const { planned, started, succeeded, failed, open, attempts, failedAttempts } = counts;
  const { events, comments, bytes, wireBytes, outages } = counts;
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
      'Streams by what became of them.',
      by('state', { planned, started, succeeded, failed, open }),
    ),
    gauge('attempts', 'Requests of all streams.', one(attempts)),
    gauge('failed_attempts', 'Requests that failed.', one(failedAttempts)),
    gauge('endings', 'Attempts by how they ended.', by('ending', endings)),
    gauge(
      'errors',
      'Errors of attempts.',
      result.errors.map(({ code, count }) => ({ labels: { code }, value: count })),
    ),
    gauge('events', 'Events received.', one(events)),
    gauge('comments', 'Comments received.', one(comments)),
    gauge('body_bytes', 'Body bytes after decoding.', one(bytes)),
    gauge('wire_bytes', 'Body bytes before decoding.', one(wireBytes)),
    gauge('outages', 'Times that a stream was interrupted.', one(outages)),
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
