import { nearestName } from '../../notation/nearest-name.ts';
import type { Scanner } from '../../notation/scanner.ts';
import { shown } from '../../notation/scanner.ts';
import { METRICS, type MetricName } from '../../results/bench/metric.ts';
import type { CountName, CountThreshold } from './threshold.ts';

/** Short names, beside those that results use. */
const SHORT: Readonly<Record<string, MetricName>> = {
  headers: 'time_to_headers',
  headers_from_planned: 'time_to_headers_from_planned',
  first_byte: 'time_to_first_byte',
  first_byte_from_planned: 'time_to_first_byte_from_planned',
  first_event: 'time_to_first_event',
  first_event_from_planned: 'time_to_first_event_from_planned',
  gap: 'event_gap',
};

const METRIC_BY_NAME: ReadonlyMap<string, MetricName> = new Map([
  ...METRICS.map(({ name }) => [name, name] as const),
  ...Object.entries(SHORT),
]);

/** Each count with its unit. */
const COUNT_UNITS: Readonly<Record<CountName, CountThreshold['unit']>> = {
  started: '',
  succeeded: '',
  failed: '',
  open: '',
  never_opened: '',
  attempts: '',
  failed_attempts_count: '',
  events: '',
  comments: '',
  bytes: 'B',
  outages: '',
  error_rate: '%',
  events_per_second: '/s',
  missing: '',
  duplicated: '',
  out_of_order: '',
  replayed: '',
  received: '',
  unreached: '',
  partial: '',
  delivery_rate: '%',
  goodput: '%',
};

const COUNT_BY_NAME: ReadonlyMap<string, CountName> = new Map([
  ...(Object.keys(COUNT_UNITS) as CountName[]).map((name) => [name, name] as const),
  // The metric of this name is their duration, and has a statistic; without one, their number is meant.
  ['failed_attempts', 'failed_attempts_count'],
]);

const NAMES: readonly string[] = [...new Set([...METRIC_BY_NAME.keys(), ...COUNT_BY_NAME.keys()])];

const OF_OUTAGES: ReadonlySet<MetricName> = new Set<MetricName>([
  'reconnect_time',
  'backoff',
  'failed_attempts',
  'reconnect_start_delay',
  'reconnect_headers',
  'reconnect_event',
  'outage',
]);

/** Measured of outages alone: a run without one has nothing of it, which is as it should be. */
export function isOfOutages(metric: MetricName): boolean {
  return OF_OUTAGES.has(metric);
}

export function unitOf(count: CountName): CountThreshold['unit'] {
  return COUNT_UNITS[count];
}

/** What a word names: a metric, a count, or either. */
export interface Named {
  word: string;
  metric: MetricName | undefined;
  count: CountName | undefined;
}

/**
 * Reads a name from a rule; `-` may stand for `_`.
 *
 * @param example of such a rule, for hints
 */
export function takeName(scanner: Scanner, example: string): Named {
  const { at } = scanner;
  const word =
    scanner.take(/[A-Za-z][\w-]*/) ??
    scanner.fail(
      scanner.atEnd
        ? 'the name of a metric is missing'
        : `a rule starts with a metric, not with ${shown(scanner.word())}`,
      example,
    );
  const name = word.toLowerCase().replaceAll('-', '_');
  const named = { word: name, metric: METRIC_BY_NAME.get(name), count: COUNT_BY_NAME.get(name) };
  if (named.metric === undefined && named.count === undefined) {
    const near = nearestName(name, NAMES);
    scanner.fail(
      `there is no metric ${shown(word)}`,
      near === undefined ? example : `Did you mean ${near}?`,
      at,
    );
  }
  return named;
}

export const EXAMPLE =
  "For example: 'first_event p99 < 500ms', 'error_rate < 0.1%'; docs/bench.md has every name.";
