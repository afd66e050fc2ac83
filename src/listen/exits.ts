import type { Writable } from 'node:stream';
import type { ClientReason } from '../client/records.ts';
import type { RunClock } from './clock.ts';
import type { StopConditions } from './options.ts';
import { onFirstSignal } from './signals.ts';

type Leave = (by: ClientReason, signal?: NodeJS.Signals) => void;

/**
 * Watches for what ends a run from outside: its time limits, signals, and an output that can't be written any more, as
 * whoever read it has left. Returns what ends the watch.
 */
export function watchExits(
  { stop: { forMs, maxTimeMs }, output }: { stop: StopConditions; output: Writable },
  { alarm, startedAt }: RunClock,
  leave: Leave,
): () => void {
  const outputFailed = () => leave('pipe');
  output.once('error', outputFailed);
  const ends: (() => void)[] = [
    onFirstSignal((signal) => leave('signal', signal)),
    () => output.off('error', outputFailed),
  ];
  if (forMs !== undefined) ends.push(alarm(startedAt + forMs, () => leave('for')));
  if (maxTimeMs !== undefined) ends.push(alarm(startedAt + maxTimeMs, () => leave('max-time')));
  return () => {
    for (const end of ends) end();
  };
}
