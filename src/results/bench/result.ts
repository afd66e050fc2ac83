import type { DeliveryFigures } from './delivery.ts';
import type { Ending, MetricName } from './metric.ts';
import type { PublishFigures } from './publish.ts';
import type { Counts, ErrorCount } from './snapshot.ts';

/** The figures of one metric, in milliseconds. */
export interface MetricFigures {
  unit: 'ms';
  count: number;
  min: number;
  mean: number;
  /** `null` where fewer samples support it than 3 / (1 − q). */
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  /** The true maximum, beyond the recorded range too. */
  max: number;
  /** Quantiles that fall among values cut short: the true one is at least the value given. */
  atLeast?: readonly ('p50' | 'p90' | 'p95' | 'p99' | 'p999')[];
  /** Values outside of 0 to 1 h, recorded as the nearest of them. */
  clipped: number;
  /** The whole distribution: an HDR histogram of microseconds, V2 encoding, compressed, base64. */
  hdr: string;
}

/** Values cut short by an end, of which only a lower bound is known. */
export interface Censored {
  count: number;
  /** In milliseconds. */
  longest: number;
  /** Of them those that came to no end of their own, which count as infinite: gaps on streams that were reset. */
  lost: number;
}

export type InvalidCode =
  | 'generator-late'
  | 'generator-saturated'
  | 'load-not-delivered'
  | 'worker-lost'
  | 'machine-limits'
  | 'clock';

/** Why the figures of a run can't be trusted. */
export interface InvalidReason {
  code: InvalidCode;
  figure: number;
  limit: number;
  unit: string;
  /** What it means here, in a sentence. */
  message: string;
  /** What to change. */
  remedy: string;
}

export interface Verdict {
  status: 'VALID' | 'INVALID';
  reasons: readonly InvalidReason[];
}

/** A rule of `--threshold`, and what it saw. */
export interface ThresholdResult {
  rule: string;
  pass: boolean;
  /** In the rule's unit; `null` where nothing supports a figure. */
  seen: number | null;
  /** Why it failed or held, where the figure alone doesn't say so: too few samples, or no outage to measure. */
  why?: string;
}

/** One window of the run: a second, or several that were merged. */
export interface SeriesWindow {
  /** Milliseconds since the start of the run. */
  from: number;
  to: number;
  /** Left out of the figures. */
  warmUp?: true;
  started: number;
  /** Streams at its end: with headers, asked for, and waiting to try again. */
  connected: number;
  connecting: number;
  waiting: number;
  /** Streams that the plan wants open at its end; absent in the open model. */
  target?: number;
  events: number;
  bytes: number;
  attempts: number;
  failedAttempts: number;
  /** In milliseconds, over this window alone; `null` for too few samples. */
  firstEventP50: number | null;
  firstEventP99: number | null;
  eventGapP99: number | null;
  deliveryLatencyP99: number | null;
  /** What share of all cores of this machine its host took; absent where the system doesn't tell. */
  steal?: number;
}

interface Share {
  mean: number | null;
  max: number | null;
}

/** How a process of the load generator did, over the whole run outside of warm-up and ramp. */
export interface WorkerHealth {
  worker: number;
  /** Mean and maximum of its windows, as shares of one core; `null` where all were warm-up or ramp. */
  cpu: Share;
  runQueueWait?: Share;
  /** Milliseconds: the median and the maximum of the p99 of its windows; `null` where all were warm-up or ramp. */
  loopLateness: { p99Median: number | null; p99Max: number | null; max: number | null };
  /** Seconds in which it was saturated, and that were looked at: older results don't tell the latter. */
  saturatedSeconds: number;
  judgedSeconds?: number;
  /** Bytes, at most. */
  rssMax: number;
  streamsMax: number;
}

/** What share of all cores of a machine its host took. */
export interface StealFigures {
  /** Over the whole run. */
  mean: number;
  /** In a second. */
  max: number;
}

/** What was planned, as numbers and words. */
export interface PlanSummary {
  model: 'closed' | 'open';
  /** `-c 50`, or the stages: in the words of the command line. */
  load: string;
  durationMs: number;
  rampUpMs: number;
  warmUpMs: number;
  /** Streams that the schedule has start; streams that reopen come on top. */
  starts: number;
  /** Most streams open at a time. */
  peak: number;
  workers: number;
  /** HTTP/2 was asked for. */
  http2?: true;
  reconnect: 'persistent' | 'browser' | 'none';
  seed: number;
  /** Everything else that shapes the load, in words: slow readers, cancels, storms, lifetimes. */
  notes: readonly string[];
}

export interface Storm {
  /** Streams that were cut, and of them those that came back. */
  cut: number;
  back: number;
  /** Milliseconds from `at` until the last of them was cut: a storm is spread, so that our own starts don't hold it up. */
  cutWithin?: number;
  /** Answers 429 and 503 to streams that were cut. */
  status429: number;
  status503: number;
  /** Milliseconds since the start of the run. */
  at: number;
  /** Milliseconds from `at` until so many were back; `null`: never. */
  back50: number | null;
  back95: number | null;
  back100: number | null;
  peakAttemptsPerSecond: number;
}

/** What of a figure this machine adds by itself, at the size of a plan, in milliseconds. */
export interface Calibration {
  startDelay: Floor;
  /** Of a server that answers at once. */
  headers: Floor;
  firstEvent: Floor;
  /** From when an event was written to when its read was noticed. */
  delivery: Floor;
}

export interface Floor {
  /** `null` where too few samples support it. */
  p50: number | null;
  p99: number | null;
  max: number | null;
}

/** The result file of a run: what scripts rely on. Fields are only ever added. */
export interface BenchResult {
  schema: 1;
  kind: 'bench';
  tool: { name: 'ssekit'; version: string };
  /** ISO 8601, UTC. */
  startedAt: string;
  /** The first URL, without secrets; `targets` has them all where there are several. */
  target: string;
  targets?: readonly string[];
  plan: PlanSummary;
  verdict: Verdict;
  /** Why the run ended before its time: interrupted, or a threshold with --abort-on-fail. */
  ended?: { early: 'signal' | 'threshold' | 'invalid'; atMs: number };
  /** Over the whole run, warm-up included. */
  counts: Counts;
  /** What of them fell into warm-up; rates and thresholds leave it out. */
  warmUp?: { counts: Counts };
  /** Seconds outside of warm-up. */
  measuredSeconds: number;
  endings: Record<Ending, number>;
  metrics: Partial<Record<MetricName, MetricFigures>> & { lifetime: Partial<Record<Ending, MetricFigures>> };
  censored: Partial<Record<MetricName, Censored>>;
  /** Shortest silence after which an attempt was cut, in milliseconds. */
  shortestCut: Partial<Record<Ending, number>>;
  delivery?: DeliveryFigures;
  /** What `--publish` did. */
  publish?: PublishFigures;
  storm?: Storm;
  goodput?: { rule: string; good: number; of: number };
  /** Of a run of `--calibrate`: there is no other server in it. */
  calibration?: Calibration;
  thresholds: readonly ThresholdResult[];
  errors: readonly ErrorCount[];
  series: readonly SeriesWindow[];
  generator: {
    /** Of the machine. */
    cores: number;
    node: string;
    workers: readonly WorkerHealth[];
    /** Warm-up and ramp included; absent where the system doesn't tell, and in older results. */
    steal?: StealFigures;
  };
}
