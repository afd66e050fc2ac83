import type { MetricName } from '../../results/bench/metric.ts';
import type { BenchResult, Censored } from '../../results/bench/result.ts';
import { formatCount } from '../quantity.ts';
import { type DurationRow, durationTable } from './duration-table.ts';
import { formatMeasured } from './figures.ts';
import { titleOf } from './latency.ts';
import { note } from './note.ts';
import { outlasts } from './outlasts.ts';
import type { ScreenOptions, Section } from './section.ts';

const GAPS: readonly MetricName[] = ['event_gap', 'silence', 'keepalive_gap'];

/** How long streams said nothing, and what an end cut short. */
export const silenceSection: Section = (result, options) =>
  durationTable('gaps and silence', silenceRows(result), options) +
  cutShort(result, options) +
  cuts(result, options);

export function silenceRows({ metrics, censored }: BenchResult): DurationRow[] {
  return GAPS.flatMap((metric) => {
    const figures = metrics[metric];
    if (figures === undefined || (figures.count === 0 && censored[metric] === undefined)) return [];
    const weight = metric === 'event_gap' ? { weight: 'headline' as const } : {};
    return [{ title: titleOf(metric), figures, ...weight }];
  });
}

interface CutShort {
  nouns: string[];
  words: string;
  count: number;
  /** It lasted notably longer than any that came to its own end. */
  notable: boolean;
}

/** Gaps of which only a lower bound is known. One that outlasts all whole ones may be a stream that has died. */
function cutShort({ censored, metrics }: BenchResult, options: ScreenOptions): string {
  const notes = new Map<string, CutShort>();
  for (const metric of GAPS) {
    const cut = censored[metric];
    if (cut === undefined || cut.count === 0) continue;
    const words = `cut short by an end${lostText(cut)}, the longest at least ${formatMeasured(cut.longest)}`;
    // Where no comments come, events and silences are cut alike.
    const key = `${cut.count} ${words}`;
    const told = notes.get(key) ?? { nouns: [], words, count: cut.count, notable: false };
    told.nouns.push(`${metric === 'silence' ? 'silence' : titleOf(metric)}${cut.count === 1 ? '' : 's'}`);
    told.notable ||= outlasts(cut.longest, metrics[metric]);
    notes.set(key, told);
  }
  return [...notes.values()]
    .map(({ nouns, words, count, notable }) => {
      const text = `${formatCount(count)} ${nouns.join(' and ')} ${words}`;
      return notable
        ? note(`${text}: longer than any whole one`, options, options.palette.yellow)
        : note(text, options);
    })
    .join('');
}

/** What broke brought no further event, however long one waits; what we left might have. */
function lostText({ count, lost }: Censored): string {
  if (lost === 0) return '';
  return `, ${lost === count ? 'all' : `${formatCount(lost)} of them`} on streams that were cut off`;
}

/** Something on the way that cuts what is silent for too long shows here. */
function cuts({ shortestCut }: BenchResult, options: ScreenOptions): string {
  const parts = Object.entries(shortestCut).map(
    ([ending, ms]) => `${ending.replace('_', ' ')} after ${formatMeasured(ms)}`,
  );
  return parts.length === 0 ? '' : note(`shortest silence before an end: ${parts.join(', ')}`, options);
}
