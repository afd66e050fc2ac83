import { METRICS, type MetricName } from '../../results/bench/metric.ts';
import type { BenchResult, MetricFigures } from '../../results/bench/result.ts';
import { counted } from '../quantity.ts';
import { type DurationRow, durationTable } from './duration-table.ts';
import { formatMeasured } from './figures.ts';
import { note } from './note.ts';
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

/** Twins that differ by no more than this share of the value, or this many milliseconds, are one. */
const SAME_SHARE = 0.05;
const SAME_MS = 1;

/** Below this a step took no time that anyone would ask about: an address needs no resolving. */
const NOTHING_MS = 0.05;

/** How long streams took to begin: from when they were due, where that differs from when they were asked for. */
export const latencySection: Section = (result, options) => {
  const { metrics } = result;
  const rows: DurationRow[] = [];
  let corrected = false;
  for (const [metric, fromPlanned] of MARKS) {
    const figures = metrics[metric];
    if (figures === undefined || (figures.count > 0 && figures.max < NOTHING_MS)) continue;
    const title = titleOf(metric);
    const twin = fromPlanned === undefined ? undefined : metrics[fromPlanned];
    const weight = metric === 'time_to_first_event' ? { weight: 'headline' as const } : {};
    if (twin !== undefined && differ(figures, twin)) {
      corrected = true;
      rows.push(
        { title, figures: twin, ...weight },
        { title: '  from its start', figures, weight: 'detail' },
      );
    } else {
      rows.push({ title, figures, ...weight });
    }
  }
  const { start_delay: delay } = metrics;
  if (corrected && delay !== undefined)
    rows.push({ title: titleOf('start_delay'), figures: delay, weight: 'detail' });
  const table = durationTable('latency', rows, options);
  if (table === '') return '';
  return [table, ...notesOf(result, corrected).map((text) => note(text, options))].join('');
};

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
  return (['p50', 'p90', 'p99', 'max'] as const).some((key) => {
    const [own, planned] = [figures[key], twin[key]];
    if (own === null || planned === null) return false;
    return Math.abs(planned - own) > Math.max(SAME_MS, SAME_SHARE * planned);
  });
}

function notesOf(result: BenchResult, corrected: boolean): string[] {
  const notes: string[] = leftBefore(result);
  const reopened = result.plan.model === 'closed' && result.counts.started > result.counts.planned;
  if (corrected) {
    notes.push(
      'From when each stream was due; "from its start" is from when it was asked for, the start delay later.',
    );
  }
  if (reopened) notes.push('closed model: no schedule, coordinated omission is not corrected');
  return notes;
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
