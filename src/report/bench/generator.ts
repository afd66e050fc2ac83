import type { BenchResult, WorkerHealth } from '../../results/bench/result.ts';
import { stealText } from '../../results/bench/steal.ts';
import { formatDuration } from '../duration.ts';
import { formatBytes, formatCount } from '../quantity.ts';
import { type FigureColumn, figureTable, TITLE_WIDTH } from './figure-table.ts';
import { formatMeasured, formatShare, NO_FIGURE } from './figures.ts';
import { note } from './note.ts';
import type { ScreenOptions, Section } from './section.ts';

/** Workers with a line of their own: the busiest. */
const SHOWN = 4;

interface HealthColumn extends FigureColumn {
  text: (health: WorkerHealth) => string;
}

/** The first ones where there is no room for all. */
const COLUMNS: readonly HealthColumn[] = [
  { name: 'streams', width: 8, text: ({ streamsMax }) => formatCount(streamsMax) },
  { name: 'CPU', width: 6, text: ({ cpu }) => percent(cpu.mean) },
  { name: 'CPU max', width: 8, text: ({ cpu }) => percent(cpu.max) },
  {
    name: 'CPU wait',
    width: 9,
    text: ({ runQueueWait: { mean = null } = {} }) => (mean === null ? NO_FIGURE : formatShare(mean)),
  },
  { name: 'loop late', width: 9, text: ({ loopLateness }) => milliseconds(loopLateness.p99Median) },
  { name: 'memory', width: 8, text: ({ rssMax }) => formatBytes(rssMax) },
  { name: 'latest', width: 8, text: ({ loopLateness }) => milliseconds(loopLateness.max) },
];

/** How the processes did that made the load: what the verdict rests on. */
export const generatorSection: Section = ({ generator }, options) => {
  const { workers } = generator;
  if (workers.length === 0) return '';
  const busiest =
    workers.length <= SHOWN ? workers : workers.toSorted((a, b) => busyness(b) - busyness(a)).slice(0, SHOWN);
  const columns = columnsFor(options.columns);
  const table = figureTable(
    'load generator',
    columns,
    busiest.map((health) => ({
      // Counted from 1, as the reasons of the verdict do.
      title: `worker ${health.worker + 1}`,
      cells: columns.map(({ text }) => text(health)),
      paint: health.saturatedSeconds > 0 ? options.palette.yellow : options.palette.dim,
    })),
    options,
  );
  return (
    table +
    notJudged(workers, options) +
    saturated(workers, options) +
    stolen(generator, options) +
    rest(generator, busiest, options)
  );
};

function columnsFor(columns: number | undefined): HealthColumn[] {
  let room = (columns ?? Number.POSITIVE_INFINITY) - TITLE_WIDTH;
  return COLUMNS.filter(({ width }) => {
    room -= width + 1;
    return room >= 0;
  });
}

function busyness({ saturatedSeconds, cpu }: WorkerHealth): number {
  return saturatedSeconds + (cpu.max ?? 0);
}

function notJudged(workers: readonly WorkerHealth[], options: ScreenOptions): string {
  if (workers.some(({ cpu }) => cpu.mean !== null)) return '';
  return note('it was not judged: no second of the run came after both ramp-up and warm-up', options);
}

function saturated(workers: readonly WorkerHealth[], options: ScreenOptions): string {
  const seconds = Math.max(...workers.map(({ saturatedSeconds }) => saturatedSeconds));
  if (seconds === 0) return '';
  const count = workers.filter(({ saturatedSeconds }) => saturatedSeconds > 0).length;
  const who = workers.length === 1 ? 'it' : count === 1 ? 'one of them' : `${formatCount(count)} of them`;
  const was = count > 1 ? 'were' : 'was';
  return note(
    `${who} ${was} busy, or late, beyond the limits for up to ${formatDuration(seconds * 1000)}`,
    options,
    options.palette.yellow,
  );
}

function stolen(generator: BenchResult['generator'], options: ScreenOptions): string {
  const text = stealText(generator);
  return text === undefined ? '' : note(text, options, options.palette.yellow);
}

function rest(
  { workers }: BenchResult['generator'],
  shown: readonly WorkerHealth[],
  options: ScreenOptions,
): string {
  const others = workers.filter((worker) => !shown.includes(worker));
  if (others.length === 0) return '';
  const maxima = others.flatMap(({ cpu }) => cpu.max ?? []);
  const each = maxima.length === 0 ? '' : `, at most ${percent(Math.max(...maxima))} of a core each`;
  return note(`${formatCount(others.length)} more${each}`, options);
}

function percent(share: number | null): string {
  return share === null ? NO_FIGURE : `${Math.round(share * 100)} %`;
}

function milliseconds(ms: number | null): string {
  return ms === null ? NO_FIGURE : formatMeasured(ms);
}
