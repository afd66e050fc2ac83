import { monotonicMs } from '../../src/client/clock.ts';
import type { Line } from './line.ts';
import type { ServedAttempt, Stamp, Step, Turn } from './script.ts';

/** What is being served, while it is. */
export type Serving = ServedAttempt & { stamps: Stamp[] };

/** Does one step after the other, each stamped just before it is done, for as long as somebody is there. */
export function play(line: Line, [step, ...rest]: Turn, serving: Serving): void {
  if (step === undefined) return;
  const now = () => {
    if (line.gone) return;
    serving.stamps.push({ name: step.name, at: monotonicMs() });
    perform(line, step, serving);
    play(line, rest, serving);
  };
  if (step.afterMs === 0) now();
  else setTimeout(now, step.afterMs);
}

function perform(line: Line, { write, say, and }: Step, serving: Serving): void {
  if (and === 'pour') return void pour(line, Buffer.from(write ?? ''), serving);
  if (write !== undefined) line.write(write);
  if (typeof say === 'object') line.text(say.text);
  else if (say !== undefined) line[say]();
  if (and === 'finish') line.finish();
  if (and === 'reset') line.reset();
}

/** One piece at a time, so that all who read get their share. */
async function pour(line: Line, piece: Buffer, serving: Serving): Promise<void> {
  const poured = { bytes: 0, longestWaitMs: 0 };
  serving.poured = poured;
  for (let taken = true; taken; ) {
    const since = monotonicMs();
    taken = await line.pour(piece);
    poured.longestWaitMs = Math.max(poured.longestWaitMs, monotonicMs() - since);
    if (taken) poured.bytes += piece.length;
  }
}
