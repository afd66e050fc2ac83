import { setMaxListeners } from 'node:events';
import type { RunEnder } from '../../checks/exit-code.ts';
import { onFirstSignal } from '../../listen/signals.ts';

/** What ends a run before it is done. */
export interface Interruption {
  signal: AbortSignal;
  /** Who did; nobody has yet. */
  by(): RunEnder | undefined;
  unwatch(): void;
}

/**
 * The first signal ends the run with what there is, and so does the time limit; the second signal ends the process at once.
 *
 * @param maxTimeMs from now; 0 or nothing: no limit
 */
export function interruptible(maxTimeMs = 0): Interruption {
  const controller = new AbortController();
  // Probes wait for many things at a time.
  setMaxListeners(0, controller.signal);
  let ender: RunEnder | undefined;
  const end = (by: RunEnder) => {
    ender ??= by;
    controller.abort();
  };
  const unwatch = onFirstSignal(end);
  const timer = maxTimeMs > 0 ? setTimeout(end, maxTimeMs, 'max-time') : undefined;
  return {
    signal: controller.signal,
    by: () => ender,
    unwatch() {
      clearTimeout(timer);
      unwatch();
    },
  };
}
