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
  const measured = Object.keys(direct).length === 0 ? both.slice(1) : both;
  const ways = measured.flatMap(([name, arrivals]) =>
    arrivals === undefined ? [] : [[name, arrivals] as const],
  );
  const all = ways.flatMap(([, arrivals]) => arrivals);
  const width = Math.min(WIDEST, room - NAME_WIDTH);
  if (ways.length < measured.length || all.length === 0 || width < LEAST) return [];
  const endMs = Math.max(1, ...all);
  return [
    ...ways.map(([name, arrivals]) => name.padEnd(NAME_WIDTH) + marks(arrivals, endMs, width)),
    `${' '.repeat(NAME_WIDTH)}${scale(formatDuration(endMs), width)}`,
  ];
}

/** What the marks mean. */
const KEY = '| one event, 2-9 so many, # ten or more';
/** On either side of it, or it reads as a mark of its own. */
const LEAST_GAP = 2;

/** From 0 to the end, with the key between where there is room. */
function scale(end: string, width: number): string {
  const gap = width - 1 - end.length - KEY.length;
  if (gap < 2 * LEAST_GAP) return `0${end.padStart(width - 1)}`;
  const before = ' '.repeat(Math.floor(gap / 2));
  return `0${before}${KEY}${' '.repeat(gap - before.length)}${end}`;
}

/** None, where all that were waited for did not come; nothing, where nobody waited. */
function arrivalsOf(measured: Measured): readonly number[] | undefined {
  const value = measured[ARRIVALS];
  return Array.isArray(value) ? value.filter(Number.isFinite) : undefined;
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
