import type { Evidence, Measured, ProbeStatus } from '../results/check/result.ts';
import type { FaultId } from './faults/fault.ts';
import type { CheckOptions, ProbeContext, Way } from './ways/way.ts';

/** A probe: something that a proxy may do to a stream, and how it is found out. Measuring asks; judging is pure. */
export interface Probe<Measurement = unknown> {
  /** Stable: what `--only`, the result and the documentation call it. */
  readonly id: string;
  /** What it proves, a phrase. */
  readonly title: string;
  /** What a proxy must do to pass, a sentence. */
  readonly requirement: string;
  /** How long one measurement takes as a rule, in seconds. */
  readonly seconds: number;
  /** The same with other options, where it turns on them. */
  readonly secondsWith?: (options: CheckOptions) => number;
  /** How long one takes where events are held, and what lets them go is looked for. */
  readonly secondsIfHeld?: number;
  /** Only with `--long`. */
  readonly long?: true;
  /**
   * Beside whom it may run: `quiet` ones measure milliseconds and may run beside each other and beside those that `wait`;
   * `heavy` ones move so much that they run alone, but for those that wait.
   */
  readonly load: 'quiet' | 'heavy' | 'waits';
  /**
   * The origin fails on purpose: in the midst of an answer or by its status, or by giving none. Proxies that count failures take
   * it for dead then, so such a probe runs alone, when all others are done; those `without an answer` come last of all.
   */
  readonly originFails?: 'in an answer' | 'without an answer';
  /** How many connections it has open at most along one way, default 1. */
  readonly connections?: number | ((options: CheckOptions) => number);
  /** Its verdict turns on times from one machine to the other, where the origin runs on another; the shortest of them. */
  readonly betweenClocksMs?: number;
  /** Why there is nothing for it to measure along this way, as can be told without a request; nothing where there may be. */
  whyNot?(proxied: Way): string | undefined;
  /** Measures along one way. @throws SseKitError where it can't be measured */
  measure(way: Way, context: ProbeContext): Promise<Measurement>;
  /** What the proxy did, by the difference. */
  judge(direct: Measurement, proxied: Measurement, context: ProbeContext): Judgement;
}

/** Connections along both ways together, while it measures: a heavy one measures one way after the other. */
export function connectionsOf({ connections = 1, load }: Probe, options: CheckOptions): number {
  const along = typeof connections === 'number' ? connections : connections(options);
  return load === 'heavy' ? along : 2 * along;
}

/** The better of two measurements counts. */
export const FROM_BEST: readonly ProbeStatus[] = ['pass', 'warn', 'fail'];

/** What a probe comes to. */
export interface Judgement {
  status: ProbeStatus;
  /** Present where it warns or fails. */
  fault?: FaultId;
  /** A sentence with the figures: `15 events, 100 ms apart, came in 1 burst, 1.51 s late`. */
  summary: string;
  /** Where it turns on what nobody has told the run: what has to be so for it to pass, or to do harm where it warns. */
  onlyIf?: string;
  /** Figures of either way: what the JSON has. */
  direct: Measured;
  proxied: Measured;
  /** What points to a cause. */
  evidence: readonly Evidence[];
}

/** Keeps the types of a measurement together, and forgets them where probes are kept in a list. */
export function probe<Measurement>(definition: Probe<Measurement>): Probe {
  return definition as Probe;
}
