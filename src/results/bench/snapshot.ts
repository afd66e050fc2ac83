import type { EncodedHistogram } from '../../stats/latency-histogram.ts';
import type { DeliverySnapshot } from './delivery.ts';
import type { Ending, MetricName } from './metric.ts';

/** What is counted; each adds up over windows and workers. */
export interface Counts {
  /** Streams that were due: of the schedule, and in place of others that had ended. */
  planned: number;
  /** Streams: `started` = `succeeded` + `failed` + `open`. */
  started: number;
  succeeded: number;
  failed: number;
  /** Set once, when the run's time is over. */
  open: number;
  attempts: number;
  failedAttempts: number;
  events: number;
  comments: number;
  /** Body bytes after and before content decoding. */
  bytes: number;
  wireBytes: number;
  /** Socket reads that brought body bytes. */
  reads: number;
  /** Events that came in a read together with an earlier one. */
  coalescedEvents: number;
  outages: number;
  /** Attempts whose headers accepted the stream: with the ends, how many are connected. */
  opened: number;
  /** Starts that the plan had and that did not happen: `-c` streams were open already. */
  withheld: number;
  /** Streams that are over, and never had an answer that was a stream. */
  neverOpened: number;
  /** Of `opened`, those over HTTP/2. */
  http2: number;
}

/** How the process that makes the load was doing. */
export interface GeneratorSample {
  /** Processor time used, as a share of one core. */
  cpu: number;
  /** Time spent runnable without a core, as a share; absent where the system doesn't tell. */
  runQueueWait?: number;
  /** Lateness of the event loop, in milliseconds: p99 and maximum of the window. */
  loopLatenessP99: number;
  loopLatenessMax: number;
  /** Resident memory in bytes. */
  rss: number;
}

/** Errors of one code; of HTTP_STATUS, of one status. */
export interface ErrorCount {
  code: string;
  count: number;
  /** The first message of it. */
  sample: string;
  /** Other messages of it say something else, if only in a number. */
  varies?: true;
  /** The exit code of a run that fails by it. */
  exit: number;
}

/** What a storm (streams cut on purpose) came to. */
export interface StormCounts {
  /** Streams that were cut. */
  cut: number;
  /** Milliseconds from the beginning of the storm until the last of them was. */
  cutWithin: number;
  /** From the beginning of the storm to the headers of the attempt that succeeded, of those that are back. */
  recovery: EncodedHistogram;
  /** Answers 429 and 503 since. */
  status429: number;
  status503: number;
}

/** Streams at the end of a window: with headers, asked for, and waiting to try again. */
export interface Population {
  connected: number;
  connecting: number;
  waiting: number;
}

/**
 * What one process measured in one window of time, or what several did together: everything in it adds up, which
 * `mergeSnapshots` does. Nothing else crosses from a worker to the controller while streams run.
 */
export interface MetricsSnapshot extends Population {
  /** Milliseconds since the start of the run. */
  fromMs: number;
  toMs: number;
  counts: Counts;
  /** Attempts. */
  endings: Record<Ending, number>;
  /** Only those in which something was recorded. */
  histograms: Partial<Record<MetricName, EncodedHistogram>>;
  /** Of attempts, by their ending. */
  lifetime: Partial<Record<Ending, EncodedHistogram>>;
  /** Shortest silence, in milliseconds, after which an attempt was cut, by its ending. */
  shortestCut: Partial<Record<Ending, number>>;
  delivery?: DeliverySnapshot;
  storm?: StormCounts;
  /** Streams that met all of the rule, of those that ended or were left open. */
  goodput?: { good: number; of: number };
  errors: readonly ErrorCount[];
}
