import { Alarms } from '../alarms.ts';
import type { RunClock } from '../clock.ts';

/**
 * The clock of a run that was recorded: it starts at 0, stands still, and is moved to each time that something
 * happened at, and to each that an alarm is due at.
 */
export class RecordedClock implements RunClock {
  readonly startedAt = 0;
  readonly #alarms = new Alarms();
  #now = 0;
  #known: { at: number; ms: number };

  /** @param startedAtMs wall clock at its start, as far as it is known */
  constructor(startedAtMs: number) {
    this.#known = { at: 0, ms: startedAtMs };
  }

  readonly now = (): number => this.#now;

  readonly wallMs = (at: number): number => this.#known.ms + (at - this.#known.at);

  readonly alarm = (at: number, callback: () => void): (() => void) => {
    const cancel = this.#alarms.add(at, callback);
    return () => void cancel();
  };

  /** Whoever moves the clock has seen to it. */
  reached(): void {}

  /** The wall clock showed this at that time; what is no time changes nothing. */
  set(at: number, ms: number): void {
    if (!Number.isNaN(ms)) this.#known = { at, ms };
  }

  /** When the next alarm is due. */
  get next(): number {
    return this.#alarms.next;
  }

  /** Moves on to a time, never back. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  /** Sets off the alarms that were due by then. */
  ring(until: number): void {
    this.#alarms.ring(until);
  }
}
