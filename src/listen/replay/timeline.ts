import { monotonicMs } from '../../client/clock.ts';
import { Pace } from './pace.ts';
import { RecordedClock } from './recorded-clock.ts';

/** A machine that was busy left a run at most so much later than it was to. */
const LATEST_LEAVE_MS = 1000;

/** What the run that the time is of has to say to it. */
interface Host {
  /** Nothing more is to happen: the time stands still. */
  readonly stopped: boolean;
  /** Sets alarms off, which may want the run to be left. */
  ring(until: number): void;
}

/** The time of a recorded run: its clock, the alarms that go off on the way, and how fast it passes. */
export class Timeline {
  readonly clock: RecordedClock;
  readonly #pace: Pace;
  readonly #host: Host;

  constructor(startedAtMs: number, speed: number, host: Host) {
    this.clock = new RecordedClock(startedAtMs);
    this.#pace = new Pace(speed);
    this.#host = host;
  }

  /** Whether it can go on to a time without anything happening on the way. */
  isFree(at: number): boolean {
    return this.clock.next >= at && this.#pace.none;
  }

  /** Goes on to a time; alarms that are due before it go off at theirs. */
  async moveTo(at: number): Promise<void> {
    const { clock } = this;
    for (let due = clock.next; due < at && !this.#host.stopped; due = clock.next) {
      await this.#pace.until(due);
      if (this.#host.stopped) return;
      clock.moveTo(due);
      this.#host.ring(due);
    }
    await this.#pace.until(at);
    if (!this.#host.stopped) clock.moveTo(at);
  }

  /**
   * Goes on to when the recorded run was left because its time was over: an alarm of this one that is set to the same
   * time goes off as late as it did there.
   *
   * @param until alarms that were due later don't go off
   */
  async leaveAt(at: number, until = at): Promise<void> {
    await this.moveTo(Math.min(at - LATEST_LEAVE_MS, until));
    await this.#pace.until(at);
    if (this.#host.stopped) return;
    this.clock.moveTo(at);
    this.#host.ring(until);
  }

  /** Time that somebody held us up for is not made up for. */
  async whilePaused(resumed: () => Promise<void>): Promise<void> {
    const since = monotonicMs();
    await resumed();
    this.#pace.delay(monotonicMs() - since);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#pace.end();
  }
}
