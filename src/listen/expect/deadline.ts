import type { RunClock } from '../clock.ts';

/**
 * A time by which something must have come. It is moved with every event, of which there may be a hundred thousand a
 * second: so the alarm stays where it is, and is set anew only when it goes off too early.
 */
export class Deadline {
  readonly #clock: RunClock;
  readonly #missed: (t: number) => void;
  #dueAt: number | undefined;
  #alarmAt: number | undefined;
  #cancel: (() => void) | undefined;

  /** @param missed is told the time of the deadline, in milliseconds since the start of the run */
  constructor(clock: RunClock, missed: (t: number) => void) {
    this.#clock = clock;
    this.#missed = missed;
  }

  /** Sets it, or moves it. @param t milliseconds since the start of the run */
  set(t: number): void {
    const at = this.#clock.startedAt + t;
    this.#dueAt = at;
    if (this.#alarmAt !== undefined && this.#alarmAt <= at) return;
    this.#cancel?.();
    this.#arm(at);
  }

  /** Nothing is waited for. */
  clear(): void {
    this.#dueAt = undefined;
    this.#alarmAt = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(at: number): void {
    this.#alarmAt = at;
    this.#cancel = this.#clock.alarm(at, () => this.#onAlarm(at));
  }

  #onAlarm(at: number): void {
    this.#alarmAt = undefined;
    if (this.#dueAt === undefined) return;
    if (this.#dueAt > at) return this.#arm(this.#dueAt);
    this.clear();
    this.#missed(at - this.#clock.startedAt);
  }
}
