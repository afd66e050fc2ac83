import { cpus } from 'node:os';
import { monotonicMs, wallMsAt } from '../client/clock.ts';
import { SseKitError } from '../client/errors.ts';
import { auditOf, deliveryFigures } from '../results/bench/delivery.ts';
import { type Figures, figuresOf } from '../results/bench/figures.ts';
import type { LiveRun, LiveWindow } from '../results/bench/live.ts';
import type { Ending, MetricName } from '../results/bench/metric.ts';
import type { BenchResult, MetricFigures, Storm, Verdict } from '../results/bench/result.ts';
import { maskUrl } from '../results/redaction.ts';
import { calibrationOf } from './calibrate/calibration.ts';
import { Crew } from './controller/crew.ts';
import { Steal } from './controller/steal.ts';
import { Timeline } from './controller/timeline.ts';
import type { PublishOutcome } from './delivery/publish/publish-run.ts';
import { Publisher } from './delivery/publish/publisher.ts';
import { quietMs } from './delivery/publish/quiet.ts';
import type { BenchOptions } from './options.ts';
import { makePlan } from './plan/make-plan.ts';
import type { Plan } from './plan/plan.ts';
import { planSummary } from './plan/plan-summary.ts';
import { AbortWatch } from './thresholds/abort-watch.ts';
import { judgeThresholds } from './thresholds/judge.ts';
import type { Measured } from './thresholds/measured.ts';
import { verdictOf } from './verdict/verdict.ts';

/** What is left open before a run is decided: how many processes make the load. */
export type DecidedOptions = BenchOptions & { workers: number };

export interface BenchHooks {
  version: string;
  /** With secrets hidden, unless they are to be shown. */
  showSecrets: boolean;
  /** A window is over; at once, while the run goes on. */
  onWindow?(window: LiveWindow): void;
  /** Ends the run with what there is, when it resolves. */
  stopped?: Promise<'signal' | 'threshold'>;
}

/**
 * Puts the load on the server, measures, and tells how far the figures can be trusted. Never hangs: it ends at the latest
 * ten seconds after the run's time.
 */
export async function runBench(options: DecidedOptions, hooks: BenchHooks): Promise<BenchResult> {
  return new BenchRun(options, hooks).run();
}

class BenchRun {
  readonly #options: DecidedOptions;
  readonly #hooks: BenchHooks;
  readonly #plan: Plan;
  readonly #steal = new Steal();
  readonly #timeline: Timeline;
  readonly #live: LiveRun;
  #beganAt = 0;
  #ended: BenchResult['ended'];
  #crew: Crew | undefined;
  #publisher: Publisher | undefined;
  #published: PublishOutcome | undefined;
  #publisherLoss: string | undefined;

  constructor(options: DecidedOptions, hooks: BenchHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#plan = makePlan(options);
    const { workers, behaviour } = options;
    const stormAtMs = behaviour.drop?.atMs ?? Number.POSITIVE_INFINITY;
    this.#live = {
      startedAt: new Date().toISOString(),
      target: this.#targets()[0] ?? '',
      plan: planSummary(options, this.#plan, workers),
    };
    const { thresholds, minSamples } = options;
    const watch = options.abortOnFail ? new AbortWatch(thresholds, minSamples) : undefined;
    this.#timeline = new Timeline(this.#plan, workers, stormAtMs, this.#steal, (window) => {
      hooks.onWindow?.({ run: this.#live, ...window });
      const { to, warmUp } = window.window;
      if (warmUp === true || to >= options.durationMs) return;
      if (watch?.window(this.#measured(to)) !== undefined) this.#stop('threshold');
    });
  }

  async run(): Promise<BenchResult> {
    const { delivery, request } = this.#options;
    const { stopped } = this.#hooks;
    const crew = new Crew(this.#options.workers, this.#options.durationMs, {
      window: (worker, snapshot, sample) => this.#timeline.add(worker, snapshot, sample, this.#elapsed()),
      left: (worker) => this.#timeline.leave(worker, this.#elapsed()),
    });
    this.#crew = crew;
    try {
      void stopped?.then((early) => this.#stop(early));
      this.#publisher = delivery.publish && (await Publisher.start(delivery.publish, request, stopped));
      await crew.prepare(this.#options);
      if (crew.losses.length === 0 && this.#ended === undefined) {
        this.#beganAt = crew.go();
        this.#steal.look(monotonicMs() - this.#beganAt);
        const { durationMs } = this.#options;
        this.#publisher?.begin(this.#beganAt, this.#beganAt + durationMs - quietMs(durationMs));
        this.#live.startedAt = new Date(wallMsAt(this.#beganAt)).toISOString();
        await crew.finished();
        await this.#endPublishing();
      }
      this.#crew = undefined;
      this.#timeline.handOn(Number.POSITIVE_INFINITY);
      return this.#result(crew);
    } finally {
      crew.dismiss();
      this.#publisher?.kill();
    }
  }

  /** The first reason counts; where everything is over, there is none. */
  #stop(early: 'signal' | 'threshold'): void {
    if (this.#crew === undefined || this.#ended !== undefined) return;
    this.#ended = { early, atMs: this.#elapsed() };
    this.#crew.stop();
    this.#publisher?.stop();
  }

  async #endPublishing(): Promise<void> {
    this.#publisher?.stop();
    try {
      this.#published = await this.#publisher?.outcome();
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.#publisherLoss = error.message;
    }
  }

  /** What rules are judged by. */
  #measured(toMs: number): Measured {
    const { counts, metrics, goodput, ...seen } = this.#timeline.measured;
    const delivery = seen.delivery && auditOf(seen.delivery, this.#published?.log);
    return { counts, metrics, delivery, goodput, seconds: Math.max(0, toMs - this.#plan.warmUpMs) / 1000 };
  }

  #elapsed(): number {
    // The instant at which all begin lies a little ahead when it is agreed on.
    return this.#beganAt === 0 ? 0 : Math.max(0, monotonicMs() - this.#beganAt);
  }

  #targets(): string[] {
    const { urls } = this.#options.request;
    return this.#hooks.showSecrets ? [...urls] : urls.map(maskUrl);
  }

  #result({ losses }: Crew): BenchResult {
    const { total, measured, warmUp, series, health } = this.#timeline;
    const { warmUpMs, durationMs } = this.#plan;
    const { counts } = total;
    if (losses.length > 0) leaveOpen(total);
    const [firstLoss] = losses;
    const ended = this.#ended ?? (firstLoss && { early: 'invalid' as const, atMs: firstLoss.atMs });
    const lastedMs = Math.min(durationMs, ended?.atMs ?? durationMs);
    const targets = this.#targets();
    const steal = this.#steal.figures;
    const machine = { cores: cpus().length, ...(steal === undefined ? {} : { steal }) };
    const verdict: Verdict = verdictOf({
      plan: this.#plan,
      total,
      measured,
      health,
      machine,
      losses,
      publisherLoss: this.#publisherLoss,
      endedEarly: ended !== undefined,
    });
    const result: BenchResult = {
      schema: 1,
      kind: 'bench',
      tool: { name: 'ssekit', version: this.#hooks.version },
      startedAt: this.#live.startedAt,
      target: targets[0] ?? '',
      ...(targets.length > 1 ? { targets } : {}),
      plan: this.#live.plan,
      verdict,
      ...(ended === undefined ? {} : { ended }),
      counts,
      ...(warmUpMs > 0 ? { warmUp: { counts: warmUp.counts } } : {}),
      measuredSeconds: Math.max(0, lastedMs - warmUpMs) / 1000,
      endings: total.endings,
      metrics: this.#metrics(),
      censored: measured.censored(),
      shortestCut: measured.shortestCut,
      ...this.#delivery(),
      ...this.#storm(),
      ...(this.#options.goodput === undefined
        ? {}
        : { goodput: { rule: this.#options.goodput.text, ...(measured.goodput ?? { good: 0, of: 0 }) } }),
      thresholds: judgeThresholds(
        this.#options.thresholds,
        this.#measured(lastedMs),
        this.#options.minSamples,
      ),
      errors: total.errors,
      series: series.windows,
      generator: {
        ...machine,
        node: process.version,
        workers: health.map((each) => each.figures()),
      },
    };
    return this.#options.calibrate === true ? { ...result, calibration: calibrationOf(result) } : result;
  }

  #metrics(): BenchResult['metrics'] {
    const { measured } = this.#timeline;
    const { minSamples } = this.#options;
    const metrics = [...measured.metrics].map(([name, histogram]) => [
      name,
      figuresOf(histogram, minSamples),
    ]);
    const lifetimes = [...measured.lifetimes].map(([ending, histogram]) => [
      ending,
      figuresOf(histogram, minSamples),
    ]);
    return {
      ...(Object.fromEntries(metrics) as Partial<Record<MetricName, MetricFigures>>),
      lifetime: Object.fromEntries(lifetimes) as Partial<Record<Ending, MetricFigures>>,
    };
  }

  #delivery(): Pick<BenchResult, 'delivery' | 'publish'> {
    const { delivery } = this.#timeline.total;
    const published = this.#published;
    return {
      ...(delivery === undefined ? {} : { delivery: deliveryFigures(delivery, published) }),
      ...(published === undefined ? {} : { publish: published.figures }),
    };
  }

  #storm(): { storm?: Storm } {
    const { drop } = this.#options.behaviour;
    const { total, peakAttemptsPerSecond } = this.#timeline;
    const { storm, recovery } = total;
    if (drop === undefined || storm === undefined) return {};
    const back = (share: number) => {
      const rank = Math.ceil(share * storm.cut);
      return recovery.count < rank || rank === 0 ? null : recovery.quantile(rank / recovery.count, 1).value;
    };
    return {
      storm: {
        ...storm,
        at: drop.atMs,
        back: recovery.count,
        back50: back(0.5),
        back95: back(0.95),
        back100: back(1),
        peakAttemptsPerSecond,
      },
    };
  }
}

/** What a worker had under way when it was lost was open, as far as anyone knows. */
function leaveOpen({ counts, endings }: Figures): void {
  counts.open = counts.started - counts.succeeded - counts.failed;
  const ended = Object.values(endings).reduce((sum, count) => sum + count, 0);
  endings.open += counts.attempts - ended;
}
