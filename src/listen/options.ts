import type { StreamRequest } from '../client/request.ts';
import type { Feed } from './feed.ts';

export type ListenFormat = 'pretty' | 'ndjson' | 'data' | 'raw';

/** Where the bytes come from: a server, standard input (`listen -`), or a file (`--from`). */
export type ListenSource =
  | { kind: 'http'; request: StreamRequest }
  | { kind: 'stdin'; maxEventSizeBytes: number }
  | { kind: 'recording'; feed: Feed; maxEventSizeBytes: number };

/** When to leave with success. Absent: never. */
export interface StopConditions {
  /** Shown events. */
  maxEvents?: number;
  forMs?: number;
  /** Any of these; the end of the run without one of them is a failure (exit 18). */
  untilData?: readonly string[];
  untilEvent?: readonly string[];
  untilRegex?: readonly RegExp[];
  /** `-m`: leaves with failure (28). */
  maxTimeMs?: number;
}

export interface EventFilters {
  event: readonly string[];
  excludeEvent: readonly string[];
  /** Every one must match the data. */
  grep: readonly RegExp[];
  /** Projects JSON data; an event where it names nothing is not shown. */
  path?: string;
}

interface ReconnectOptions {
  /** Failed attempts in a row before giving up; `Infinity` for `--follow`; 0: one connection only. */
  retries: number;
  /** Base wait where the server sent no `retry:`. */
  retryDelayMs: number;
  retryMaxMs: number;
}

/** A command for each shown event. */
export interface ExecOptions {
  /** As a shell reads it. */
  command: string;
  /** So many may run at once; with 1 they keep the order of the events. */
  parallel: number;
}

/** What is looked for in a stream. At least one is asked for. */
export interface FindingsOptions {
  /** What a browser ignores, discards or replaces fails the run. */
  strict: boolean;
  /** What the server could do better, as warnings. */
  lint: boolean;
  /** With requests of its own, when the stream is over. */
  lintRequests: boolean;
}

/** What text is joined: of the format that the first events tell, of a named one, or at a path of each event's JSON. */
export type JoinWhat = { kind: 'auto' } | { kind: 'format'; name: string } | { kind: 'path'; path: string };

/** Everything that `listen` was asked for, parsed and validated. */
export interface ListenOptions {
  source: ListenSource;
  format: ListenFormat;
  lastEventId: string;
  /** File that keeps the last event id between runs. */
  stateFile?: string;
  stop: StopConditions;
  filters: EventFilters;
  reconnect: ReconnectOptions;
  /** File that the whole run is written to. */
  recordFile?: string;
  /** Rules that the stream must keep, as they were written. */
  expect?: readonly string[];
  /** File for what the run came to, as JUnit XML. */
  junitFile?: string;
  exec?: ExecOptions;
  findings?: FindingsOptions;
  join?: JoinWhat;
  comments: boolean;
  /** Show the bytes of events and other blocks. */
  wire?: boolean;
  /** Time columns; `undefined`: the default of the format and terminal. */
  timestamps?: readonly ('rel' | 'delta' | 'iso')[];
  /** `undefined`: on where standard error is a terminal. */
  summary?: boolean;
  include: boolean;
  verbose: boolean;
  /** `-s`: no connection log, no verdict; errors only. */
  silent: boolean;
  showSecrets: boolean;
  color: 'auto' | 'always' | 'never';
}
