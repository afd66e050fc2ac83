import type { BenchResult, MetricFigures } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { counted, formatCount } from '../quantity.ts';
import { formatMeasured, formatShare } from './figures.ts';
import { headlineOf } from './latency.ts';
import { openAtEnd } from './open-at-end.ts';
import { outagesLeft } from './reconnects.ts';

/**
 * What a run has found, in sentences for someone who has never seen its tables: what became of the streams, how soon
 * events came and kept coming, what interruptions took, and what was lost.
 */
export function conclusion(result: BenchResult): string {
  return [streams(result), firstEvents(result), gaps(result), outages(result), losses(result)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function streams(result: BenchResult): string {
  const { counts, plan, ended } = result;
  const { started, succeeded, failed, open, opened } = counts;
  const time = formatDuration(ended?.atMs ?? plan.durationMs);
  if (opened === 0) return neverAccepted(result, time);
  const { connected, waiting } = openAtEnd(result);
  const held = open === started && waiting === 0;
  const what = `${counted(started, 'stream')} ${were(started)} ${held ? `held for ${time}` : `started in ${time}`}`;
  const fates = [
    ...(succeeded > 0 ? [`${formatCount(succeeded)} ended as wanted`] : []),
    ...(connected > 0 && !held ? [`${formatCount(connected)} ${were(connected)} open at the end`] : []),
    ...(waiting > 0 ? [`${formatCount(waiting)} ${were(waiting)} trying to come back`] : []),
    failed === 0 ? 'none failed' : `${formatCount(failed)} failed (${formatShare(failed / started)})`,
  ];
  return `${what}; ${listed(fates)}.`;
}

function neverAccepted({ counts, errors }: BenchResult, time: string): string {
  const tried = `${counted(counts.started, 'stream')} tried for ${time}, and none was ever accepted`;
  const worst = errors.toSorted((a, b) => b.count - a.count)[0];
  return worst === undefined ? `${tried}.` : `${tried}: ${escapeInline(worst.sample)}.`;
}

function firstEvents({ metrics, counts, censored }: BenchResult): string {
  if (counts.opened === 0) return '';
  const noun = counts.attempts === counts.started ? 'stream' : 'attempt';
  const said = (metric: 'time_to_headers' | 'time_to_first_event', what: string) => {
    const figures = headlineOf(metrics, metric);
    if (figures === undefined || figures.count === 0) return '';
    return `${what} came ${within(figures, noun, censored[metric]?.count ?? 0)}.`;
  };
  if (counts.events > 0) return said('time_to_first_event', 'The first event');
  return `No stream received an event. ${said('time_to_headers', 'The headers')}`.trimEnd();
}

/** For the share that the samples support, and no more. */
function within(figures: MetricFigures, noun: string, cut: number): string {
  const { p99, p50, max, count, atLeast = [] } = figures;
  if (atLeast.includes('p50')) return `within ${formatMeasured(max)} where it came; for most it never did`;
  if (p99 === null) {
    const whom = `${counted(count, noun)}${cut === 0 ? '' : ' that had one'}`;
    return `within ${formatMeasured(max)} for ${count === 1 ? 'the one' : 'all'} ${count === 1 ? whom.slice(2) : whom}`;
  }
  if (!atLeast.includes('p99')) return `within ${formatMeasured(p99)} for 99 % of the ${noun}s`;
  const late = `after more than ${formatMeasured(p99)}, or never, for at least 1 %`;
  return p50 === null ? late : `within ${formatMeasured(p50)} for half of the ${noun}s, and ${late}`;
}

function gaps({ metrics, censored }: BenchResult): string {
  const figures = metrics.event_gap;
  const { count: cut = 0, longest = 0 } = censored.event_gap ?? {};
  const whole =
    figures === undefined || figures.count === 0
      ? ''
      : `No event was later than ${formatMeasured(figures.max)} after the one before`;
  if (longest <= (figures?.max ?? 0) * NOTABLY_LONGER) return whole === '' ? '' : `${whole}.`;
  const still = `${cut === 1 ? 'a stream' : 'a stream or more'} had had no event for at least ${formatMeasured(longest)} when it was over`;
  return whole === '' ? `${capital(still)}.` : `${whole}, but ${still}.`;
}

/** What is cut short by the end of a run may exceed a whole gap by chance. */
const NOTABLY_LONGER = 1.5;

function outages(result: BenchResult): string {
  const { counts, metrics } = result;
  if (counts.outages === 0) return '';
  const figures = metrics.reconnect_time;
  const times = `Streams were interrupted ${formatCount(counts.outages)} ${counts.outages === 1 ? 'time' : 'times'}`;
  if (figures === undefined || figures.count === 0) return `${times}, and none came back.`;
  const shown = figures.p99 ?? figures.max;
  const share = figures.p99 === null ? 'at most' : '99 % of the time at most';
  const left = outagesLeft(result);
  const away = left === 0 ? '' : `, and ${formatCount(left)} did not come back in time`;
  return `${times}; coming back took ${share} ${formatMeasured(shown)}${away}.`;
}

function losses(result: BenchResult): string {
  return [lostEvents(result), unreached(result)].filter((sentence) => sentence !== '').join(' ');
}

function unreached({ delivery }: BenchResult): string {
  const { unreached: count = 0 } = delivery ?? {};
  return count === 0 ? '' : `${counted(count, 'stream')} never had a published event.`;
}

function lostEvents({ delivery, publish }: BenchResult): string {
  if (delivery === undefined || delivery.rate === null) return '';
  const { missing, duplicated, out_of_order } = delivery;
  const faults = [
    ...(missing > 0 ? [`${counted(missing, 'event')} never came`] : []),
    ...(duplicated > 0 ? [`${formatCount(duplicated)} came twice`] : []),
    ...(out_of_order > 0 ? [`${formatCount(out_of_order)} came out of order`] : []),
  ];
  if (faults.length > 0) return `${capital(listed(faults))}.`;
  // Numbers of a server tell nothing of what should have come after the last one.
  if (publish === undefined) return 'No event was lost between the first and the last of each stream.';
  return (delivery.unreached ?? 0) > 0
    ? 'No event was lost on the streams that had one.'
    : 'No event was lost.';
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
