import type { ClientReason } from '../client/records.ts';
import type { StopConditions } from './options.ts';
import { onFirstSignal } from './signals.ts';

type Leave = (by: ClientReason, signal?: NodeJS.Signals) => void;

/** Watches for what ends a run from outside: its time limits, and signals. Returns what ends the watch. */
export function watchExits({ forMs, maxTimeMs }: StopConditions, leave: Leave): () => void {
  const timers: NodeJS.Timeout[] = [];
  if (forMs !== undefined) timers.push(setTimeout(() => leave('for'), forMs));
  if (maxTimeMs !== undefined) timers.push(setTimeout(() => leave('max-time'), maxTimeMs));
  const removeSignalHandlers = onFirstSignal((signal) => leave('signal', signal));
  return () => {
    for (const timer of timers) clearTimeout(timer);
    removeSignalHandlers();
  };
}
