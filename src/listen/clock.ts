import { monotonicMs, wallMsAt } from '../client/clock.ts';
import { Alarms } from './alarms.ts';

/** The clock that a run's times are on: this machine's own, or that of the run which a recording was made of. */
export interface RunClock {
  /** Start of the run, in the clock's milliseconds. */
  readonly startedAt: number;
  now(): number;
  /** Wall clock at a time of this one, in milliseconds since the epoch. */
  wallMs(at: number): number;
  /** Calls back once this clock has come to `at`, at once where it has; returns what cancels that. */
  alarm(at: number, callback: () => void): () => void;
  /**
   * Something was read at this time: what was due before it is called now, although the machine was too busy to do so
   * in time. What a run does at a time therefore depends on when things were read, not on when they were looked at.
   */
  reached(at: number): void;
}

/** The monotonic clock of this machine; `startedAt` is now. */
export function machineClock(): RunClock {
  const alarms = new Alarms();
  return {
    startedAt: monotonicMs(),
    now: monotonicMs,
    wallMs: wallMsAt,
    alarm(at, callback) {
      let timer: NodeJS.Timeout;
      const cancel = alarms.add(at, () => {
        clearTimeout(timer);
        callback();
      });
      const wait = () => {
        timer = setTimeout(
          () => {
            // A timer counts from when its turn of the loop began, and may go off before its time.
            if (monotonicMs() < at) wait();
            else if (cancel()) callback();
          },
          Math.ceil(at - monotonicMs()),
        );
      };
      wait();
      return () => {
        clearTimeout(timer);
        cancel();
      };
    },
    reached(at) {
      if (alarms.next < at) alarms.ring(at);
    },
  };
}
