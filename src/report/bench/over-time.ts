import type { SeriesWindow } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';
import type { Paint } from '../palette.ts';
import { formatCount } from '../quantity.ts';
import { formatMeasured } from './figures.ts';
import type { Section } from './section.ts';

/** Room for the names, with the indent before them. */
const NAME_WIDTH = 14;

/** Room for the scale behind a plot. */
const SCALE_WIDTH = 22;

/** Wider says nothing more, and is harder to take in. */
const WIDEST = 100;

/** Fewer windows than this make no course. */
const FEWEST_WINDOWS = 3;

/** Without a terminal. */
const DEFAULT_WIDTH = 60;

const LEVELS = [...'▁▂▃▄▅▆▇█'];

interface Course {
  name: string;
  /** Of each window; `null`: not known. */
  values: (window: SeriesWindow) => number | null;
  /** How windows that share a column become one. */
  merge: 'mean' | 'max';
  scale: (max: number) => string;
  paint?: 'red';
}

const COURSES: readonly Course[] = [
  { name: 'streams', values: ({ connected }) => connected, merge: 'mean', scale: formatCount },
  {
    name: 'events/s',
    values: (window) => perSecond(window, window.events),
    merge: 'mean',
    scale: (max) => `${formatCount(Math.round(max))}/s`,
  },
  {
    name: 'gap p99',
    values: ({ eventGapP99 }) => eventGapP99,
    merge: 'max',
    scale: formatMeasured,
  },
  {
    name: 'failed/s',
    values: (window) => perSecond(window, window.failedAttempts),
    merge: 'max',
    scale: (max) => `${formatCount(Math.ceil(max))}/s`,
    paint: 'red',
  },
];

/** How the run went from its start to its end: a line of blocks each, from 0 to the most there was. */
export const overTimeSection: Section = ({ series }, { palette, columns }) => {
  if (series.length < FEWEST_WINDOWS) return '';
  const room = columns === undefined ? DEFAULT_WIDTH : columns - NAME_WIDTH - SCALE_WIDTH;
  const width = Math.min(WIDEST, room);
  if (width < LEVELS.length) return '';
  const lines = COURSES.flatMap((course) => {
    const values = series.map(course.values);
    const max = Math.max(0, ...values.map((value) => value ?? 0));
    if (max === 0) return [];
    const paint: Paint = course.paint === undefined ? palette.cyan : palette[course.paint];
    const scale = `0 – ${course.scale(course.merge === 'max' ? max : Math.round(max))}`;
    return [
      `  ${palette.dim(course.name.padEnd(NAME_WIDTH - 2))}${paint(plot(values, max, width, course.merge))} ${palette.dim(scale)}\n`,
    ];
  });
  return lines.length === 0
    ? ''
    : lines.join('') + axis(series, plottedWidth(series.length, width), palette.dim);
};

/** Windows side by side, each as wide as the others; more windows than columns share them. */
function plot(
  values: readonly (number | null)[],
  max: number,
  width: number,
  merge: Course['merge'],
): string {
  const columns = plottedWidth(values.length, width);
  return Array.from({ length: columns }, (_, at) => {
    const from = Math.floor((at * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((at + 1) * values.length) / columns));
    return level(merged(values.slice(from, to), merge), max);
  }).join('');
}

/** Few windows are drawn wider, all alike. */
function plottedWidth(windows: number, width: number): number {
  return windows >= width ? width : windows * Math.floor(width / windows);
}

function merged(values: readonly (number | null)[], merge: Course['merge']): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return merge === 'max' ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Nothing at all is blank; the least of something is seen. */
function level(value: number | null, max: number): string {
  if (value === null || value <= 0 || max <= 0) return ' ';
  return LEVELS[Math.min(LEVELS.length - 1, Math.ceil((value / max) * LEVELS.length) - 1)] ?? ' ';
}

function axis(series: readonly SeriesWindow[], width: number, dim: Paint): string {
  const end = formatDuration(series.at(-1)?.to ?? 0);
  return `${' '.repeat(NAME_WIDTH)}${dim(`0${end.padStart(width - 1)}`)}\n`;
}

function perSecond({ from, to }: SeriesWindow, count: number): number {
  return to > from ? (count * 1000) / (to - from) : 0;
}
