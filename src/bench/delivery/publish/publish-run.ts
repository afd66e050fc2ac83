import { SseKitError } from '../../../client/errors.ts';
import type { SendLog } from '../../../results/bench/delivery-owed.ts';
import { ErrorCounts } from '../../../results/bench/error-counts.ts';
import type { PublishFigures } from '../../../results/bench/publish.ts';
import { toMicroseconds } from '../../../stats/microseconds.ts';
import { compileBody, type PublishBody } from './body.ts';
import type { Outlet } from './outlet.ts';
import { stampText } from './stamp.ts';

/** Begun later than this after its time, an event counts as late. */
const LATE_MS = 10;
/** What waits for an answer when all were sent, or the run was stopped, gets so long. */
const LAST_ANSWERS_MS = 1_000;
/** Of so many that failed the numbers are kept. */
const MOST_NUMBERS = 100_000;
/** Of so many is kept when they were sent: 8 MB. Later ones are owed to nobody. */
const MOST_TIMES = 1_000_000;

export interface PublishClock {
  /** Milliseconds on the monotonic clock of the machine. */
  now(): number;
  /** @returns what cancels it */
  after(ms: number, callback: () => void): () => void;
}

export interface PublishOutcome {
  figures: PublishFigures;
  log: SendLog;
}

export interface PublishPlan {
  run: string;
  ratePerSecond: number;
  body: string;
}

/**
 * Publishes events at the times of a schedule: the n-th at (n − 1) ÷ rate after its start, whatever became of the ones
 * before. Where as many wait for an answer as may, the next ones begin as soon as one comes, and count as late.
 */
export class PublishRun {
  readonly #plan: PublishPlan;
  readonly #outlet: Outlet;
  readonly #clock: PublishClock;
  readonly #body: PublishBody;
  readonly #errors = new ErrorCounts();
  readonly #failedNumbers: number[] = [];
  readonly #sentMs: number[] = [];
  readonly #counts = { published: 0, failed: 0, late: 0 };
  #startAt = 0;
  #endAt = 0;
  #planned = 0;
  #started = 0;
  #underWay = 0;
  #over = false;
  #cancelTimer = () => {};
  #finish: (outcome: PublishOutcome) => void = () => {};
  readonly #finished: Promise<PublishOutcome>;

  /** @throws InvalidValue for a text that can't be filled in */
  constructor(plan: PublishPlan, outlet: Outlet, clock: PublishClock) {
    this.#plan = plan;
    this.#outlet = outlet;
    this.#clock = clock;
    this.#body = compileBody(plan.body);
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** @param endAt nothing is published from then on; both times on the clock */
  begin(startAt: number, endAt: number): Promise<PublishOutcome> {
    this.#startAt = startAt;
    this.#endAt = endAt;
    this.#planned = Math.max(0, Math.ceil(((endAt - startAt) * this.#plan.ratePerSecond) / 1e3));
    this.#pump();
    return this.#finished;
  }

  /** Publishes no more; the outcome follows soon. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    // What was due by now; the rest is nobody's failure.
    this.#planned = this.#due(this.#clock.now());
    this.#cancelTimer();
    if (this.#underWay === 0) return this.#conclude();
    this.#cancelTimer = this.#clock.after(LAST_ANSWERS_MS, () => void this.#giveUp());
  }

  #pump(): void {
    this.#cancelTimer();
    if (this.#over) return;
    const now = this.#clock.now();
    const due = this.#due(now);
    while (this.#started < due && this.#underWay < this.#outlet.mostAtOnce) this.#start();
    // What found no place until now is not begun any more.
    if (this.#started === this.#planned || now >= this.#endAt + LATE_MS) this.stop();
    else
      this.#await(
        this.#underWay < this.#outlet.mostAtOnce ? this.#timeOf(this.#started + 1) : this.#endAt + LATE_MS,
      );
  }

  /** How many should have begun by now. */
  #due(now: number): number {
    if (now < this.#startAt) return 0;
    const elapsed = Math.floor(((now - this.#startAt) * this.#plan.ratePerSecond) / 1e3) + 1;
    return Math.min(this.#planned, elapsed);
  }

  #timeOf(n: number): number {
    return this.#startAt + ((n - 1) * 1e3) / this.#plan.ratePerSecond;
  }

  #await(at: number): void {
    const wait = Math.max(0, Math.ceil(at - this.#clock.now()));
    this.#cancelTimer = this.#clock.after(wait, () => this.#pump());
  }

  #start(): void {
    this.#started += 1;
    this.#underWay += 1;
    const n = this.#started;
    if (this.#clock.now() - this.#timeOf(n) > LATE_MS) this.#counts.late += 1;
    this.#outlet.publish({ n, render: () => this.#render(n) }).then(
      () => this.#settled(() => this.#succeeded()),
      (error) => this.#settled(() => this.#failed(n, error)),
    );
  }

  #render(n: number): string {
    const sentMs = toMicroseconds(this.#clock.now());
    if (n <= MOST_TIMES) this.#sentMs[n - 1] = sentMs;
    return this.#body(n, stampText(this.#plan.run, n, sentMs));
  }

  #succeeded(): void {
    this.#counts.published += 1;
  }

  #failed(n: number, error: unknown): void {
    this.#counts.failed += 1;
    if (this.#failedNumbers.length < MOST_NUMBERS) this.#failedNumbers.push(n);
    // Anything else is a fault of the program, which is to be seen.
    if (!(error instanceof SseKitError)) throw error;
    this.#errors.add(error);
  }

  #settled(count: () => void): void {
    this.#underWay -= 1;
    count();
    if (!this.#over) this.#pump();
    else if (this.#underWay === 0) this.#conclude();
  }

  /** What still waits fails by it, each with a reason of its own. */
  async #giveUp(): Promise<void> {
    await this.#outlet.close();
  }

  #conclude(): void {
    this.#cancelTimer();
    const { published, failed, late } = this.#counts;
    const figures = {
      planned: this.#planned,
      published,
      failed,
      late,
      notStarted: this.#planned - this.#started,
      errors: this.#errors.list,
    };
    const log = { sentMs: Float64Array.from(this.#sentMs), failedNumbers: this.#failedNumbers };
    this.#finish({ figures, log });
  }
}
