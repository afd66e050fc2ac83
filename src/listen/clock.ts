import { monotonicMs } from '../client/clock.ts';

/** The clock that a run's times are on: this machine's own, or that of the run which a recording was made of. */
export interface RunClock {
  /** Start of the run, in the clock's milliseconds. */
  readonly startedAt: number;
  now(): number;
  /** Wall clock at a time of this one, in milliseconds since the epoch. */
  wallMs(at: number): number;
  /** Calls back once this clock has come to `at`, at once where it has; returns what cancels that. */
  alarm(at: number, callback: () => void): () => void;
}

/** The monotonic clock of this machine; `startedAt` is now. */
export function machineClock(): RunClock {
  return {
    startedAt: monotonicMs(),
    now: monotonicMs,
    wallMs: (at) => Date.now() - (monotonicMs() - at),
    alarm(at, callback) {
      const timer = setTimeout(callback, at - monotonicMs());
      return () => clearTimeout(timer);
    },
  };
}
