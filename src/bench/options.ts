import type { HeaderPair } from '../client/records.ts';
import type { ConnectionOptions } from '../client/request.ts';
import type { GoodputRule } from './thresholds/goodput.ts';
import type { Threshold } from './thresholds/threshold.ts';

/**
 * What streams ask for, as plain data: it goes to workers. URLs, header values and the body may hold `{{column}}` where
 * there are users.
 */
export interface RequestRecipe {
  /** Streams go to them in turn. */
  urls: readonly string[];
  method: string;
  /** As in `StreamRequest`. */
  headers: readonly HeaderPair[];
  body?: Uint8Array;
  connection: Omit<ConnectionOptions, 'proxy'> & {
    proxy: { http?: string; https?: string; noProxy: readonly string[] };
  };
  maxRedirects: number;
  idleTimeoutMs: number;
  maxEventSizeBytes: number;
  lastEventId: string;
}

/** One row a stream; stream k has row k modulo their number. */
export interface Users {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A stretch of `--stages`: the figure goes there in a straight line, from where the one before ended. */
export interface Stage {
  durationMs: number;
  /** Open streams, or starts per second. */
  target: number;
}

/** How streams come. */
export type Load =
  /** Hold so many open: one that ends is followed by another. */
  | { model: 'closed'; connections: number; rampUpMs: number }
  /** Start so many per second, whatever the server does; at most `maxOpen` are open at a time. */
  | { model: 'open'; rate: number; arrival: 'constant' | 'poisson'; rampUpMs: number; maxOpen?: number }
  | { model: 'closed-stages'; stages: readonly Stage[] }
  | { model: 'open-stages'; stages: readonly Stage[]; arrival: 'constant' | 'poisson'; maxOpen?: number };

/** How long one stream lives. Absent: until the run's time is over. */
export interface StreamLife {
  forMs?: number;
  maxEvents?: number;
  untilData?: readonly string[];
  /** `-m`: an attempt that takes longer has failed. */
  maxTimeMs?: number;
}

export interface BenchReconnect {
  /** As `listen --follow`; as a browser, which gives up on any status but 200; not at all. */
  mode: 'persistent' | 'browser' | 'none';
  retryDelayMs: number;
  retryMaxMs: number;
  /**
   * The share of each wait that is random: a wait is drawn from (1 − jitter) to 1 of it, one that the server asked for from
   * 1 to (1 + jitter). 0: exactly.
   */
  jitter: number;
}

/** What some streams do on purpose. Shares are of all streams, 0 to 1. */
export interface Behaviour {
  /** A storm: so many streams are cut at that time. */
  drop?: { atMs: number; share: number };
  /** So many read only so fast. */
  slow?: { share: number; bytesPerSecond: number };
  /** So many leave that long after their start. */
  cancel?: { share: number; afterMs: number };
}

/** What publishes events while streams run: a URL (http, https, `redis://…#CHANNEL`), or a command. */
export interface PublishOptions {
  /** Marks this run's events: letters and digits that no other run has (`newRunName`). */
  run: string;
  target:
    | { kind: 'http'; url: string }
    | { kind: 'redis'; url: string; channel: string }
    | { kind: 'exec'; command: string };
  ratePerSecond: number;
  /** `{{n}}` counts from 1, `{{sentAt}}` is the stamp that receivers look for. */
  body: string;
  headers: readonly HeaderPair[];
}

export interface DeliveryOptions {
  /** The number of an event: its id, or a path in its JSON. */
  sequence?: { kind: 'id' } | { kind: 'path'; path: string };
  /** Where in its JSON an event says when it was sent. */
  sentAtPath?: string;
  publish?: PublishOptions;
}

/** Everything that `bench` was asked for, parsed and validated. */
export interface BenchOptions {
  request: RequestRecipe;
  users?: Users;
  load: Load;
  /** The whole run, ramp-up and warm-up included. */
  durationMs: number;
  warmUpMs: number;
  life: StreamLife;
  reconnect: BenchReconnect;
  behaviour: Behaviour;
  delivery: DeliveryOptions;
  workers: number | 'auto';
  /** Source addresses, in turn. Absent: chosen by the kernel, or spread over 127.0.0.0/8 where the target is there. */
  localAddresses?: readonly string[];
  /** HTTP/2 alone. */
  streamsPerConnection?: number;
  thresholds: readonly Threshold[];
  abortOnFail: boolean;
  /** Overrides how many samples a quantile needs. */
  minSamples?: number;
  goodput?: GoodputRule;
  seed: number;
  /** Events say when they were written, and nothing else: it is this machine that is measured. */
  calibrate?: true;
  /** File for raw samples, of a proof that merged figures are those of all samples. */
  samplesFile?: string;
}
