import { METRICS, type MetricName } from '../../results/bench/metric.ts';
import type { BenchResult, MetricFigures } from '../../results/bench/result.ts';
import { counted } from '../quantity.ts';
import { type DurationRow, durationTable } from './duration-table.ts';
import { formatMeasured } from './figures.ts';
import { note } from './note.ts';
import { reopenedStreams } from './run.ts';
import type { Section } from './section.ts';

/** What a stream waits for at its start, with its twin from when it was due. */
const MARKS: readonly [metric: MetricName, fromPlanned?: MetricName][] = [
  ['time_to_dns'],
  ['time_to_tcp'],
  ['time_to_tls'],
  ['time_to_headers', 'time_to_headers_from_planned'],
  ['time_to_first_byte', 'time_to_first_byte_from_planned'],
  ['time_to_first_event', 'time_to_first_event_from_planned'],
];

const TITLES = new Map<MetricName, string>(METRICS.map(({ name, title }) => [name, title]));

/** Twins that differ by no more than this share of the value, or what timers are late by on any machine, are one. */
const SAME_SHARE = 0.05;
const SAME_MS = 2;

/** Of the maximum, a single stream's: what a start may be late by before a run is judged by it. */
const SAME_MAX_MS = 10;

/** Below this a step took no time that anyone would ask about: an address needs no resolving. */
const NOTHING_MS = 0.05;

/** How long streams took to begin: from when they were due, where that differs from when they were asked for. */
export const latencySection: Section = (result, options) => {
  const table = durationTable('latency', latencyRows(result), options);
  const notes = notesOf(result).map((text) => note(text, options));
  return table === '' ? '' : table + notes.join('');
};

export function latencyRows({ metrics }: BenchResult): DurationRow[] {
  const rows: DurationRow[] = [];
  for (const [metric, fromPlanned] of MARKS) {
    const figures = metrics[metric];
    if (figures === undefined || (figures.count > 0 && figures.max < NOTHING_MS)) continue;
    const title = titleOf(metric);
    const twin = fromPlanned === undefined ? undefined : metrics[fromPlanned];
    const weight = metric === 'time_to_first_event' ? { weight: 'headline' as const } : {};
    if (twin === undefined || !differ(figures, twin)) rows.push({ title, figures, ...weight });
    else
      rows.push(
        { title, figures: twin, ...weight },
        { title: '  from its start', figures, weight: 'detail' },
      );
  }
  const { start_delay: delay } = metrics;
  if (isCorrected(metrics) && delay !== undefined)
    rows.push({ title: titleOf('start_delay'), figures: delay, weight: 'detail' });
  return rows;
}

/** Whether some streams started so late that it shows in what a user has seen. */
function isCorrected(metrics: BenchResult['metrics']): boolean {
  return MARKS.some(([metric, fromPlanned]) => {
    const [figures, twin] = [metrics[metric], fromPlanned === undefined ? undefined : metrics[fromPlanned]];
    return figures !== undefined && twin !== undefined && differ(figures, twin);
  });
}

/** The name of a metric in a table. */
export function titleOf(metric: MetricName): string {
  return TITLES.get(metric) ?? metric;
}

/**
 * The figures that count for a metric: what a user saw who came when the plan had it, where that is known and differs
 * beyond noise.
 */
export function headlineOf(metrics: BenchResult['metrics'], metric: MetricName): MetricFigures | undefined {
  const figures = metrics[metric];
  const twinName = MARKS.find(([name]) => name === metric)?.[1];
  const twin = twinName === undefined ? undefined : metrics[twinName];
  if (figures === undefined || twin === undefined) return figures ?? twin;
  return differ(figures, twin) ? twin : figures;
}

/** Beyond what two readings of the same thing may differ by. */
function differ(figures: MetricFigures, twin: MetricFigures): boolean {
  if (figures.count === 0 || twin.count === 0) return false;
  const apart = (own: number | null, planned: number | null, ms: number) =>
    own !== null && planned !== null && Math.abs(planned - own) > Math.max(ms, SAME_SHARE * planned);
  const { p50, p90, p99, max } = figures;
  return (
    apart(p50, twin.p50, SAME_MS) ||
    apart(p90, twin.p90, SAME_MS) ||
    apart(p99, twin.p99, SAME_MS) ||
    apart(max, twin.max, SAME_MAX_MS)
  );
}

function notesOf(result: BenchResult): string[] {
  const notes: string[] = leftBefore(result);
  if (isCorrected(result.metrics)) {
    notes.push(
      'From when each stream was due; "from its start" is from when it was asked for, the start delay later.',
    );
  }
  if (headersWaited(result.metrics))
    notes.push(
      'The headers came with the first event. If the server sends them before it has one, something on the way holds them back: ssekit check-proxy tells.',
    );
  if (reopenedStreams(result) > 0)
    notes.push('closed model: no schedule, coordinated omission is not corrected');
  return notes;
}

/** Below this a head and an event may come together because both are at hand. */
const WAITED_MS = 50;

/** Half of the attempts or more waited for their headers until there was an event. */
function headersWaited({
  time_to_headers: headers,
  time_to_first_event: event,
}: BenchResult['metrics']): boolean {
  const [head, first] = [headers?.p50 ?? null, event?.p50 ?? null];
  return head !== null && first !== null && head > WAITED_MS && first - head < SAME_MS;
}

/** What attempts were still waiting for when they were left, each told of once. */
function leftBefore({ censored }: BenchResult): string[] {
  const notes: string[] = [];
  let told = 0;
  for (const [metric, what] of WAITED_FOR) {
    const { count, longest } = censored[metric] ?? { count: 0, longest: 0 };
    // Who never saw headers saw no event either.
    if (count > told)
      notes.push(
        `${counted(count, 'attempt')} ${count === 1 ? 'was' : 'were'} left before ${what} came, the longest after ${formatMeasured(longest)}.`,
      );
    told = Math.max(told, count);
  }
  return notes;
}

const WAITED_FOR: readonly [MetricName, string][] = [
  ['time_to_headers', 'the headers'],
  ['time_to_first_byte', 'a first byte'],
  ['time_to_first_event', 'a first event'],
];
