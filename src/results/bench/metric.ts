/** What a value of a metric is measured from and to; shown where a figure needs words. */
interface Metric {
  name: string;
  /** A few words for a table's first column. */
  title: string;
}

/**
 * The latencies and gaps of a run, each with a histogram of its own. Durations to a mark run from the start of an
 * attempt; their twins `…_from_planned` from when the plan had it start. A reconnect is in no plan: both run from its start,
 * and what it was late by is in `reconnect_start_delay`, and in `reconnect_time`.
 */
export const METRICS = [
  { name: 'start_delay', title: 'start delay' },
  { name: 'time_to_dns', title: 'name resolved' },
  { name: 'time_to_tcp', title: 'TCP established' },
  { name: 'time_to_tls', title: 'TLS established' },
  { name: 'time_to_headers', title: 'headers' },
  { name: 'time_to_headers_from_planned', title: 'headers, from planned' },
  { name: 'time_to_first_byte', title: 'first byte' },
  { name: 'time_to_first_byte_from_planned', title: 'first byte, from planned' },
  { name: 'time_to_first_event', title: 'first event' },
  { name: 'time_to_first_event_from_planned', title: 'first event, from planned' },
  { name: 'event_gap', title: 'event gap' },
  { name: 'silence', title: 'silence' },
  { name: 'keepalive_gap', title: 'keepalive gap' },
  { name: 'delivery_latency', title: 'delivery latency' },
  { name: 'detect', title: 'cut until noticed' },
  { name: 'silence_before_end', title: 'silence before an end' },
  { name: 'reconnect_time', title: 'reconnect time' },
  { name: 'backoff', title: 'backoff' },
  { name: 'failed_attempts', title: 'failed attempts' },
  { name: 'reconnect_start_delay', title: 'reconnect, start delay' },
  { name: 'reconnect_headers', title: 'reconnect, headers' },
  { name: 'reconnect_event', title: 'reconnect, first event' },
  { name: 'outage', title: 'outage' },
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]['name'];

/** How attempts end; `open`: connected, or waiting to reconnect, when the run's time was over. */
export const ENDINGS = [
  'eof',
  'truncated',
  'reset',
  'idle',
  'status',
  'wrong_type',
  'no_content',
  'connect_error',
  'protocol',
  'client',
  'open',
] as const;

export type Ending = (typeof ENDINGS)[number];

/** Endings of an attempt that failed. */
export const FAILURES: ReadonlySet<Ending> = new Set<Ending>([
  'truncated',
  'reset',
  'idle',
  'status',
  'wrong_type',
  'connect_error',
  'protocol',
]);
