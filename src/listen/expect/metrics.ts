/** What can be counted. `lost` and `repeated`: what resuming did to the events, by their ids. */
export type CountMetric = 'events' | 'comments' | 'bytes' | 'outages' | 'lost' | 'repeated';

/** What takes time; the names are those of every other figure. */
export type TimeMetric =
  | 'time_to_headers'
  | 'time_to_first_byte'
  | 'time_to_first_event'
  | 'event_gap'
  | 'silence'
  | 'reconnect_time'
  | 'outage';

export type Metric = { name: CountMetric; unit: 'count' | 'size' } | { name: TimeMetric; unit: 'time' };

const METRICS: Readonly<Record<string, Metric>> = {
  count: { name: 'events', unit: 'count' },
  events: { name: 'events', unit: 'count' },
  comments: { name: 'comments', unit: 'count' },
  bytes: { name: 'bytes', unit: 'size' },
  outages: { name: 'outages', unit: 'count' },
  lost: { name: 'lost', unit: 'count' },
  repeated: { name: 'repeated', unit: 'count' },
  time_to_headers: { name: 'time_to_headers', unit: 'time' },
  headers: { name: 'time_to_headers', unit: 'time' },
  time_to_first_byte: { name: 'time_to_first_byte', unit: 'time' },
  first_byte: { name: 'time_to_first_byte', unit: 'time' },
  time_to_first_event: { name: 'time_to_first_event', unit: 'time' },
  first_event: { name: 'time_to_first_event', unit: 'time' },
  event_gap: { name: 'event_gap', unit: 'time' },
  gap: { name: 'event_gap', unit: 'time' },
  silence: { name: 'silence', unit: 'time' },
  keepalive: { name: 'silence', unit: 'time' },
  reconnect_time: { name: 'reconnect_time', unit: 'time' },
  outage: { name: 'outage', unit: 'time' },
};

/** Every way to name a metric; `-` for `_` is accepted besides. */
export const METRIC_NAMES: readonly string[] = Object.keys(METRICS);

/** Metrics that can be taken of the events of one name. */
const SELECTABLE: ReadonlySet<string> = new Set(['events', 'time_to_first_event', 'event_gap']);

export function metricNamed(written: string): Metric | undefined {
  const name = written.replaceAll('-', '_');
  return Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
}

export function isSelectable({ name }: Metric): boolean {
  return SELECTABLE.has(name);
}
