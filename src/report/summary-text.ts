import type { ListenSummary, Outage, Quantiles } from '../results/listen.ts';
import { samplesFor } from '../results/quantiles.ts';
import { formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import type { Palette } from './palette.ts';
import { counted, formatBytes, formatCount, formatRate } from './quantity.ts';

/** More outages than this are counted only: the closing text stays one screen. */
const OUTAGES_SHOWN = 8;

/** The closing summary of `listen`: a line for each figure that there is something to say about. */
export function summaryText(summary: ListenSummary, palette: Palette): string {
  const rows: [label: string, text: string][] = [
    ['events', eventsText(summary)],
    ['bytes', bytesText(summary)],
  ];
  if (hasGaps(summary.gaps)) rows.push(['gaps', quantilesText(summary.gaps)]);
  if (hasGaps(summary.silence)) rows.push(['silence', quantilesText(summary.silence)]);
  if (summary.outages.length > 0) rows.push(...outageRows(summary.outages));
  if (summary.browserWouldStop.length > 0) rows.push(['browser', browserText(summary.browserWouldStop)]);
  return rows.map(([label, text]) => `  ${palette.dim(label.padEnd(9))} ${text}\n`).join('');
}

function eventsText(summary: ListenSummary): string {
  const parts = [`${formatCount(summary.events)} in ${formatDuration(summary.t)}`];
  if (summary.events > 1) parts.push(formatRate(summary.events, summary.t));
  if (summary.shown !== summary.events) parts.push(`${formatCount(summary.shown)} shown`);
  if (summary.comments > 0) parts.push(counted(summary.comments, 'comment'));
  if (summary.timing.firstEvent !== undefined) {
    parts.push(`first after ${formatDuration(summary.timing.firstEvent)}`);
  }
  return parts.join(' · ');
}

function bytesText(summary: ListenSummary): string {
  const bytes = formatBytes(summary.bytes);
  return summary.wireBytes === summary.bytes
    ? bytes
    : `${bytes} · ${formatBytes(summary.wireBytes)} on the wire`;
}

function hasGaps(quantiles: Quantiles): boolean {
  return quantiles.count > 0 || quantiles.censored.count > 0;
}

function quantilesText(quantiles: Quantiles): string {
  const parts: string[] = [];
  if (quantiles.count > 0) {
    const { p50, p99 } = quantiles;
    parts.push(
      quantileText('p50', p50, quantiles.p50AtLeast),
      quantileText('p99', p99, quantiles.p99AtLeast),
    );
    parts.push(`max ${formatDuration(quantiles.max)}`);
  }
  if (quantiles.censored.count > 0) {
    parts.push(
      `${formatCount(quantiles.censored.count)} cut short, at least ${formatDuration(quantiles.censored.longest)}`,
    );
  }
  const few = [
    quantiles.p50 === null ? `p50 needs ${samplesFor(0.5)}` : '',
    quantiles.p99 === null ? `p99 ${samplesFor(0.99)}` : '',
  ];
  const needs = few.filter((part) => part !== '').join(', ');
  const reason =
    quantiles.count > 0 && needs !== ''
      ? ` (of ${formatCount(quantiles.count)}; ${needs.replace(/^p99/, 'p99 needs')})`
      : '';
  return parts.join(' · ') + reason;
}

function quantileText(name: string, value: number | null, atLeast: true | undefined): string {
  if (value === null) return `${name} –`;
  return `${name} ${atLeast ? '≥ ' : ''}${formatDuration(value)}`;
}

function outageRows(outages: readonly Outage[]): [string, string][] {
  const rows = outages.slice(0, OUTAGES_SHOWN).flatMap(outageText);
  const further = outages.length - OUTAGES_SHOWN;
  if (further > 0) rows.push(['', `and ${counted(further, 'further outage')}`]);
  return rows;
}

function outageText(outage: Outage): [string, string][] {
  const what = `at ${formatDuration(outage.t)}: ${outage.reason}`;
  const silence =
    outage.silenceBeforeEnd > 0 ? ` after ${formatDuration(outage.silenceBeforeEnd)} of silence` : '';
  return [
    ['outage', `${what}${silence}`],
    ['', backText(outage)],
    ...resumeText(outage).map((text): [string, string] => ['', text]),
  ];
}

function backText(outage: Outage): string {
  const attempts = outage.attempts > 1 ? ` in ${counted(outage.attempts, 'attempt')}` : '';
  if (outage.reconnectTime === undefined) return `not back${attempts}`;
  const parts = [`wait ${formatDuration(outage.backoff)}`];
  if (outage.failedAttempts > 0) parts.push(`failed attempts ${formatDuration(outage.failedAttempts)}`);
  parts.push(`headers ${formatDuration(outage.reconnectHeaders ?? 0)}`);
  const event =
    outage.outage === undefined ? 'no event since' : `first event after ${formatDuration(outage.outage)}`;
  return `back in ${formatDuration(outage.reconnectTime)}${attempts} = ${parts.join(' + ')}; ${event}`;
}

function resumeText(outage: Outage): string[] {
  if (outage.reconnectTime === undefined) return [];
  if (outage.resumedFrom === undefined) return ['resumed without an id'];
  const lost =
    outage.lost === undefined ? '' : outage.lost === 0 ? 'none lost' : `${formatCount(outage.lost)} lost`;
  const repeated = outage.repeated === 0 ? 'none repeated' : `${formatCount(outage.repeated)} repeated`;
  return [
    `resumed from ${escapeInline(outage.resumedFrom)}: ${[lost, repeated].filter((part) => part !== '').join(', ')}`,
  ];
}

function browserText(statuses: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const list = [...counts].map(([status, count]) => (count === 1 ? `${status}` : `${status} (${count}×)`));
  return `would have stopped here: ${list.join(', ')} is not retried by EventSource`;
}
