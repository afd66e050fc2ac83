import { Figures } from '../../results/bench/figures.ts';
import type { LiveTotals, WorkerSample } from '../../results/bench/live.ts';
import type { SeriesWindow } from '../../results/bench/result.ts';
import type { GeneratorSample, MetricsSnapshot, Population } from '../../results/bench/snapshot.ts';
import type { Plan } from '../plan/plan.ts';
import { WINDOW_MS, windowEndAfter } from '../window-ends.ts';
import { Health } from './health.ts';
import { Series } from './series.ts';
import type { Steal } from './steal.ts';

/** A window is over for all when the last worker told of it, or so long after its end. */
const PATIENCE_MS = 2_500;

/** A window of all workers together. */
export interface TimelineWindow {
  window: SeriesWindow;
  snapshot: MetricsSnapshot;
  generator: readonly WorkerSample[];
  soFar: LiveTotals;
}

interface Pending {
  figures: Figures;
  population: Population;
  samples: WorkerSample[];
  /** How far it is told of. */
  toMs: number;
}

/**
 * Puts together what the workers tell. Everything counts at once towards the figures of the run; a window is handed on
 * when all have told of it.
 */
export class Timeline {
  /** Of the whole run, and of what is outside of warm-up. */
  readonly total = new Figures();
  readonly measured = new Figures();
  readonly warmUp = new Figures();
  readonly series = new Series();
  readonly health: readonly Health[];
  /** Most in a second, of the windows from the one on in which the storm begins. */
  peakAttemptsPerSecond = 0;
  readonly #plan: Plan;
  readonly #stormAtMs: number;
  readonly #steal: Steal;
  readonly #onWindow: (window: TimelineWindow) => void;
  /** By the end of the window. */
  readonly #pending = new Map<number, Pending>();
  readonly #upTo: number[];
  #handedOn = 0;

  constructor(
    plan: Plan,
    workers: number,
    stormAtMs: number,
    steal: Steal,
    onWindow: (window: TimelineWindow) => void,
  ) {
    this.#plan = plan;
    this.#steal = steal;
    this.#stormAtMs = stormAtMs;
    this.#onWindow = onWindow;
    this.health = Array.from({ length: workers }, (_, worker) => new Health(worker));
    this.#upTo = this.health.map(() => 0);
  }

  /** @param nowMs of the run */
  add(worker: number, snapshot: MetricsSnapshot, sample: GeneratorSample, nowMs: number): void {
    const { fromMs, toMs } = snapshot;
    const { warmUpMs, rampUpMs } = this.#plan;
    this.#steal.lookAfter(toMs, nowMs);
    this.total.add(snapshot);
    (fromMs < warmUpMs ? this.warmUp : this.measured).add(snapshot);
    const judged = fromMs >= warmUpMs && fromMs >= rampUpMs;
    const streams = snapshot.connected + snapshot.connecting + snapshot.waiting;
    this.health[worker]?.add(sample, judged ? (toMs - fromMs) / 1000 : 0, streams);
    const pending = this.#pendingAt(this.#windowOf(toMs));
    pending.toMs = Math.max(pending.toMs, toMs);
    pending.figures.add(snapshot);
    addPopulation(pending.population, snapshot);
    pending.samples.push({ worker, ...sample });
    this.#upTo[worker] = toMs;
    this.handOn(nowMs);
  }

  /** Nothing more comes of a worker. */
  leave(worker: number, nowMs: number): void {
    this.#upTo[worker] = Number.POSITIVE_INFINITY;
    this.handOn(nowMs);
  }

  /** Hands on the windows that are over, or late. */
  handOn(nowMs: number): void {
    const complete = Math.min(...this.#upTo);
    const ends = [...this.#pending.keys()].sort((one, other) => one - other);
    for (const end of ends) {
      // What is late goes into a later window: the last one waits for all.
      const late = end + PATIENCE_MS <= nowMs && end < this.#plan.durationMs;
      if ((this.#pending.get(end)?.toMs ?? end) <= complete || late) this.#handOnOne(end);
    }
  }

  #handOnOne(end: number): void {
    const pending = this.#pending.get(end);
    this.#pending.delete(end);
    if (pending === undefined) return;
    const fromMs = this.#handedOn;
    // A run that was ended early ends within a window.
    const { toMs } = pending;
    this.#handedOn = end;
    const snapshot = pending.figures.snapshot({ fromMs, toMs }, pending.population);
    const warmUp = fromMs < this.#plan.warmUpMs;
    const target = this.#plan.targetAt(toMs);
    const window = this.series.add(snapshot, { warmUp, target, steal: this.#steal.window(fromMs, toMs) });
    if (toMs > this.#stormAtMs && toMs - fromMs >= WINDOW_MS / 2) {
      const perSecond = snapshot.counts.attempts / ((toMs - fromMs) / 1000);
      this.peakAttemptsPerSecond = Math.max(this.peakAttemptsPerSecond, perSecond);
    }
    const firstEventP99 = this.measured.histogram('time_to_first_event_from_planned').quantile(0.99);
    const soFar: LiveTotals = { counts: { ...this.total.counts }, firstEventP99 };
    this.#onWindow({ window, snapshot, generator: pending.samples, soFar });
  }

  /** By its end; what comes late goes into the next one that is still to be handed on. */
  #windowOf(toMs: number): number {
    const end = windowEndAfter(toMs - 0.001, this.#plan);
    return end > this.#handedOn ? end : windowEndAfter(this.#handedOn, this.#plan);
  }

  #pendingAt(end: number): Pending {
    let pending = this.#pending.get(end);
    if (pending === undefined) {
      const population = { connected: 0, connecting: 0, waiting: 0 };
      pending = { figures: new Figures(), population, samples: [], toMs: 0 };
      this.#pending.set(end, pending);
    }
    return pending;
  }
}

function addPopulation(sum: Population, { connected, connecting, waiting }: Population): void {
  sum.connected += connected;
  sum.connecting += connecting;
  sum.waiting += waiting;
}
