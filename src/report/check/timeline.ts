import type { Measured } from '../../results/check/result.ts';
import { formatDuration } from '../duration.ts';

/** A picture as wide as this shows as much as a wider one. */
const WIDEST = 64;
const LEAST = 16;

const NAME_WIDTH = 'proxied '.length;

/** What both ways have where events were timed: when each came, in milliseconds since the first was sent. */
const ARRIVALS = 'arrivalsMs';

/**
 * When events came, directly and through the proxy, on one scale: `|` an event, a digit so many at once, `#` ten or more.
 *
 * @param room columns
 * @returns no line where events were not timed, or there is no room
 */
export function timelineLines(direct: Measured, proxied: Measured, room: number): string[] {
  const both = [
    ['direct', arrivalsOf(direct)],
    ['proxied', arrivalsOf(proxied)],
  ] as const;
  // Nothing at all was measured where there is no direct way.
  const ways = Object.keys(direct).length === 0 ? both.slice(1) : both;
  const all = ways.flatMap(([, arrivals]) => arrivals);
  const width = Math.min(WIDEST, room - NAME_WIDTH);
  if (ways.some(([, arrivals]) => arrivals.length === 0) || width < LEAST) return [];
  const endMs = Math.max(1, ...all);
  const end = formatDuration(endMs);
  return [
    ...ways.map(([name, arrivals]) => name.padEnd(NAME_WIDTH) + marks(arrivals, endMs, width)),
    `${' '.repeat(NAME_WIDTH)}0${end.padStart(width - 1)}`,
  ];
}

function arrivalsOf(measured: Measured): readonly number[] {
  const value = measured[ARRIVALS];
  return Array.isArray(value) ? value.filter(Number.isFinite) : [];
}

function marks(arrivals: readonly number[], endMs: number, width: number): string {
  const counts = new Array<number>(width).fill(0);
  for (const at of arrivals) {
    const column = Math.round((Math.max(0, at) / endMs) * (width - 1));
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts.map(mark).join('').trimEnd();
}

function mark(count: number): string {
  if (count === 0) return '·';
  if (count === 1) return '|';
  return count < 10 ? String(count) : '#';
}
