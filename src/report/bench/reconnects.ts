import type { MetricName } from '../../results/bench/metric.ts';
import type { BenchResult, Storm } from '../../results/bench/result.ts';
import { counted, formatCount } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { type DurationRow, durationTable } from './duration-table.ts';
import { formatMeasured } from './figures.ts';
import { titleOf } from './latency.ts';
import type { Section } from './section.ts';

/** The headline, what it is the sum of, and what lies around it. */
const PARTS: readonly [metric: MetricName, weight?: DurationRow['weight'], title?: string][] = [
  ['reconnect_time', 'headline'],
  ['backoff', 'detail', '  waits'],
  ['reconnect_start_delay', 'detail', '    late to start'],
  ['failed_attempts', 'detail', '  failed attempts'],
  ['reconnect_headers', 'detail', '  to the headers'],
  ['reconnect_event', undefined, 'reconnect to event'],
  ['outage'],
  ['detect'],
  ['silence_before_end'],
];

/** What a reconnect may be late by before anybody asks for it. */
const ON_TIME_MS = 10;

/** What interruptions took, and how the streams came back after a cut. */
export const reconnectSection: Section = (result, options) => {
  const { storm, counts } = result;
  const texts: Row[] = [];
  if (counts.outages > 0) {
    texts.push(['outages', [formatCount(counts.outages), ...howTheyEnded(result)].join(' · ')]);
  }
  if (storm !== undefined) texts.push(['storm', stormText(storm)]);
  return (
    durationTable('reconnects', reconnectRows(result), options) +
    rowsText(texts, options.palette, options.columns)
  );
};

export function reconnectRows({ metrics }: BenchResult): DurationRow[] {
  return PARTS.flatMap(([metric, weight, title = titleOf(metric)]) => {
    const figures = metrics[metric];
    // A part that took no time needs no line.
    const least = metric === 'reconnect_start_delay' ? ON_TIME_MS : 0;
    if (figures === undefined || figures.count === 0 || figures.max <= least) return [];
    return [weight === undefined ? { title, figures } : { title, figures, weight }];
  });
}

/** Outages that no reconnect ended, as far as they fell into the time that is measured. */
export function outagesLeft({ counts, metrics, warmUp }: BenchResult): number {
  const measured = counts.outages - (warmUp?.counts.outages ?? 0);
  return Math.max(0, measured - (metrics.reconnect_time?.count ?? 0));
}

/** Of these, those of streams that ended for good: they would never have been over. */
export function outagesLost(result: BenchResult): number {
  return Math.min(outagesLeft(result), result.censored.reconnect_time?.lost ?? 0);
}

function howTheyEnded(result: BenchResult): string[] {
  const [left, lost] = [outagesLeft(result), outagesLost(result)];
  if (left === 0) return ['all over when the run was'];
  return [
    ...(left > lost ? [`${formatCount(left - lost)} not over when the run was`] : []),
    ...(lost > 0 ? [`${formatCount(lost)} on streams that failed for good`] : []),
  ];
}

function stormText(storm: Storm): string {
  const { at, cut, cutWithin = 0, back, status429, status503, peakAttemptsPerSecond } = storm;
  const times: [string, number | null][] = [
    ['half', storm.back50],
    ['95 %', storm.back95],
    ['all', storm.back100],
  ];
  const reached = times.flatMap(([share, ms]) =>
    ms === null ? [] : [`${share} after ${formatMeasured(ms)}`],
  );
  // What is over within a millisecond happened at once.
  const spread = cutWithin < 1 ? '' : ` within ${formatMeasured(cutWithin)}`;
  const parts = [
    `${counted(cut, 'stream')} cut at ${formatMeasured(at)}${spread}`,
    back === cut ? 'all back' : `${formatCount(back)} back`,
    ...(reached.length === 0 ? [] : [`${reached.join(', ')}${spread === '' ? '' : ' from the first cut'}`]),
    `at most ${formatCount(Math.round(peakAttemptsPerSecond))} attempts/s`,
  ];
  if (status429 > 0) parts.push(`429 answered ${formatCount(status429)} times`);
  if (status503 > 0) parts.push(`503 answered ${formatCount(status503)} times`);
  return parts.join(' · ');
}
