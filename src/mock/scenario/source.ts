import type { LineEnd } from '../answer.ts';
import type { FaultSpec } from '../faults/spec.ts';
import type { PayloadName } from '../payloads/registry.ts';
import type { Preset } from '../presets/preset.ts';
import type { JsonTemplate } from '../templates/json-template.ts';
import type { Template } from '../templates/template.ts';
import type { PathPattern } from './path-pattern.ts';

/** A scenario file as it was written: values parsed, templates compiled, nothing decided yet. */
export interface ScenarioSource {
  seed?: number;
  defaults?: DefaultsSource;
  routes: RouteSource[];
}

/** What routes say where they say nothing themselves. */
export interface DefaultsSource extends Pacing {
  headers?: Readonly<Record<string, Template>>;
  heartbeat?: number;
  retry?: number | 'none';
  lineEnd?: LineEnd;
  faults?: FaultSpec[];
  auth?: AuthSource;
  limit?: LimitSource;
}

interface Pacing {
  /** Milliseconds between two events where no sleep says otherwise. */
  interval?: number;
  /** Waits are longer or shorter by up to so many milliseconds. */
  jitter?: number;
}

type AuthSource = 'off' | { token: string; ttl?: number };
type LimitSource = 'off' | { perUser: number };

export interface RouteSource extends AnswerSource {
  path: PathPattern;
  method?: readonly string[];
  match?: { headers?: Readonly<Record<string, HeaderTest>> };
  auth?: AuthSource;
  limit?: LimitSource;
  connections?: ConnectionSource[];
}

/** Whether a request's header is as a route wants it. */
export type HeaderTest = (value: string) => boolean;

export interface ConnectionSource {
  range: ConnectionRange;
  answer: AnswerSource;
}

/** Connections of a client, from 1; both ends belong to it. */
export interface ConnectionRange {
  first: number;
  last: number;
}

/** What a request gets: a stream, a preset, a plain answer, or no answer at all. */
export interface AnswerSource {
  stream?: StreamSource;
  preset?: PresetSource;
  status?: number;
  headers?: Readonly<Record<string, Template>>;
  body?: BodyTemplate;
  close?: 'cut' | 'reset';
  faults?: FaultSpec[];
}

export interface PresetSource {
  preset: Preset;
  interval?: number;
  count?: number;
}

/** Text or JSON, as it was written. */
export type BodyTemplate = JsonTemplate & { json: boolean };

export interface StreamSource extends Pacing {
  /** Sent first thing on every connection, without ids. */
  greet?: StepSource[];
  steps?: StepSource[];
  heartbeat?: number;
  retry?: number | 'none';
  lineEnd?: LineEnd;
  opening?: boolean;
  channels?: Template[];
  hold?: boolean;
  ids?: 'on' | 'off';
  resume?: 'on' | 'off' | 'published';
  faults?: FaultSpec[];
}

export type StepSource =
  | EventSource
  | { kind: 'generate'; name: PayloadName; count: number; event?: Template; interval?: number }
  | { kind: 'comment'; text: Template }
  | { kind: 'raw'; text: Template }
  | { kind: 'retry'; ms: number }
  | { kind: 'sleep'; ms: number }
  | { kind: 'jitter'; ms: number }
  | { kind: 'repeat'; times: number; steps: StepSource[] }
  | { kind: 'close'; how: 'eof' | 'cut' | 'reset' }
  | { kind: 'fault'; fault: FaultSpec };

export interface EventSource {
  kind: 'event';
  event?: Template;
  data: JsonTemplate;
  /** `off`: it has none, and no number. Absent: its number. */
  id?: Template | 'off';
  retry?: number;
  done: boolean;
}
