import type { Origin } from '../../checks/origin/visit.ts';
import { formatDuration } from '../../report/duration.ts';
import { noteText } from '../../report/note.ts';

/** A proxy that holds events back by less is seldom noticed; a clock that is less certain may hide it. */
const UNCERTAIN_MS = 10;

const TENTHS_BELOW_MS = 100;

/**
 * How the clock of an origin on another machine differs from ours, and a note where nobody can say it well.
 *
 * @param wallMs what our time of day is ahead of our monotonic clock: the origin's clock is its time of day
 * @param columns width of the terminal; `undefined`: no line is broken
 */
export function clockText(
  { aheadMs, uncertaintyMs }: Origin['clock'],
  wallMs: number,
  columns?: number,
): string {
  const differs = aheadMs - wallMs;
  const how = differs <= -0.05 ? 'behind' : 'ahead';
  const plusMinus = `±${tenths(uncertaintyMs)}`;
  const line = `clock: the origin is ${tenths(Math.abs(differs))} ${how}, ${plusMinus}\n`;
  if (uncertaintyMs <= UNCERTAIN_MS) return line;
  const note =
    `the way to the origin is slow: when something left one machine and came to the other is known to ${plusMinus} ` +
    'only; by how much the ways differ is not concerned';
  return line + noteText(note, columns);
}

/** What is short is known to tenths. */
function tenths(ms: number): string {
  return ms < TENTHS_BELOW_MS ? `${ms.toFixed(1)} ms` : formatDuration(ms);
}
