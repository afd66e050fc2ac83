import { constants } from 'node:os';
import { onFirstSignal } from '../listen/signals.ts';

/** The first Ctrl-C ends a server as it should end, with 0; another one at once. Resolves with the exit code. */
export function untilStopped(): Promise<number> {
  return new Promise((resolve) => {
    onFirstSignal((signal) => resolve(signal === 'SIGINT' ? 0 : 128 + constants.signals[signal]));
  });
}
