import { monotonicMs } from '../../client/clock.ts';
import { LONGEST_MS } from '../../notation/duration.ts';
import type { Arrival } from '../plan/plan.ts';
import { STARTS_PER_TURN } from './start-queue.ts';

/**
 * Starts streams when the plan says, whatever became of those before. One timer, set for the next arrival that is due:
 * every time comes from the plan and none from the timer before it, so that what fires late is made up for at once and
 * nothing drifts. No stream starts before its time.
 */
export class Pacer {
  readonly #arrivals: Iterator<Arrival>;
  readonly #start: (arrival: Arrival) => void;
  readonly #clock: () => number;
  #beganMs = 0;
  #next: Arrival | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /**
   * @param arrivals in the order of their times
   * @param start is told once of each, at its time or as soon after it as the loop gets there
   * @param clock monotonic milliseconds
   */
  constructor(
    arrivals: Iterator<Arrival>,
    start: (arrival: Arrival) => void,
    clock: () => number = monotonicMs,
  ) {
    this.#arrivals = arrivals;
    this.#start = start;
    this.#clock = clock;
  }

  /** @param atMs when the plan's time is 0, on the clock; it may lie ahead, or have passed */
  begin(atMs: number): void {
    this.#beganMs = atMs;
    this.#advance();
    this.#arm();
  }

  /**
   * Starts nothing any more.
   *
   * @returns how many were due, and have not been started
   */
  stop(): number {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    const now = this.#clock();
    let overdue = 0;
    for (; this.#next !== undefined && this.#beganMs + this.#next.atMs <= now; this.#advance()) overdue += 1;
    this.#next = undefined;
    return overdue;
  }

  #run(): void {
    const now = this.#clock();
    for (let started = 0; started < STARTS_PER_TURN; started += 1) {
      const arrival = this.#next;
      if (arrival === undefined || this.#beganMs + arrival.atMs > now) break;
      // Before the start, which may stop us.
      this.#advance();
      this.#start(arrival);
    }
    this.#arm();
  }

  #advance(): void {
    const { done, value } = this.#arrivals.next();
    this.#next = done === true ? undefined : value;
  }

  #arm(): void {
    if (this.#next === undefined) return;
    const waitMs = this.#beganMs + this.#next.atMs - this.#clock();
    // What is due follows in the next turn of the loop, behind the reads that have come in.
    if (waitMs <= 0) this.#immediate = setImmediate(() => this.#run());
    // Rounded down: a timer fires up to 1 ms behind its time, and one that is early is set again.
    else this.#timer = setTimeout(() => this.#run(), Math.min(LONGEST_MS, Math.max(1, Math.floor(waitMs))));
  }
}
