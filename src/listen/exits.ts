import type { ClientReason } from '../client/records.ts';
import type { RunClock } from './clock.ts';
import type { StopConditions } from './options.ts';
import { onFirstSignal } from './signals.ts';

type Leave = (by: ClientReason, signal?: NodeJS.Signals) => void;

/** Watches for what ends a run from outside: its time limits, and signals. Returns what ends the watch. */
export function watchExits(
  { forMs, maxTimeMs }: StopConditions,
  { alarm, startedAt }: RunClock,
  leave: Leave,
): () => void {
  const ends: (() => void)[] = [onFirstSignal((signal) => leave('signal', signal))];
  if (forMs !== undefined) ends.push(alarm(startedAt + forMs, () => leave('for')));
  if (maxTimeMs !== undefined) ends.push(alarm(startedAt + maxTimeMs, () => leave('max-time')));
  return () => {
    for (const end of ends) end();
  };
}
