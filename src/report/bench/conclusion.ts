import type { BenchResult, MetricFigures } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';
import { counted, formatCount } from '../quantity.ts';
import { formatMeasured, formatShare } from './figures.ts';
import { headlineOf } from './latency.ts';
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

function streams({ counts, plan, ended }: BenchResult): string {
  const { started, succeeded, failed, open } = counts;
  const time = formatDuration(ended?.atMs ?? plan.durationMs);
  const held = open === started;
  const what = held
    ? `${counted(started, 'stream')} ${were(started)} held for ${time}`
    : `${counted(started, 'stream')} ${were(started)} started in ${time}`;
  const fates = [
    ...(succeeded > 0 ? [`${formatCount(succeeded)} ended as wanted`] : []),
    ...(open > 0 && !held ? [`${formatCount(open)} ${were(open)} open at the end`] : []),
    failed === 0 ? 'none failed' : `${formatCount(failed)} failed (${formatShare(failed / started)})`,
  ];
  return `${what}; ${listed(fates)}.`;
}

function firstEvents(result: BenchResult): string {
  const { metrics, counts, censored } = result;
  const figures = headlineOf(metrics, 'time_to_first_event');
  if (counts.events === 0) {
    const headers = headlineOf(metrics, 'time_to_headers');
    const answered =
      headers === undefined || headers.count === 0
        ? ''
        : ` The headers came ${within(headers, censored.time_to_headers?.count ?? 0)}.`;
    return `No stream received an event.${answered}`;
  }
  if (figures === undefined || figures.count === 0) return '';
  return `The first event came ${within(figures, censored.time_to_first_event?.count ?? 0)}.`;
}

/** For the share that the samples support, and no more. */
function within(figures: MetricFigures, cut: number): string {
  const { p99, p50, max, count, atLeast = [] } = figures;
  if (atLeast.includes('p50')) return `within ${formatMeasured(max)} where it came; for most it never did`;
  if (p99 === null) {
    if (count === 1) return `within ${formatMeasured(max)} for the only one`;
    const whom = cut === 0 ? `all ${formatCount(count)} of them` : `the ${formatCount(count)} that had one`;
    return `within ${formatMeasured(max)} for ${whom}`;
  }
  if (!atLeast.includes('p99')) return `within ${formatMeasured(p99)} for 99 % of them`;
  const late = `after more than ${formatMeasured(p99)}, or never, for at least 1 %`;
  return p50 === null ? late : `within ${formatMeasured(p50)} for half of them, and ${late}`;
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

function losses({ delivery }: BenchResult): string {
  if (delivery === undefined || delivery.rate === null) return '';
  const { missing, duplicated, out_of_order } = delivery;
  const faults = [
    ...(missing > 0 ? [`${counted(missing, 'event')} never came`] : []),
    ...(duplicated > 0 ? [`${formatCount(duplicated)} came twice`] : []),
    ...(out_of_order > 0 ? [`${formatCount(out_of_order)} came out of order`] : []),
  ];
  return faults.length === 0 ? 'No event was lost.' : `${capital(listed(faults))}.`;
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
