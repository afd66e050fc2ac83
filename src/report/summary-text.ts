import type { ListenSummary, Outage, Quantiles } from '../results/listen.ts';
import { samplesFor } from '../results/quantiles.ts';
import { cutEnd } from './display-width.ts';
import { formatDuration } from './duration.ts';
import { escapeInline } from './escape.ts';
import type { Palette } from './palette.ts';
import { counted, formatBytes, formatCount, formatRate } from './quantity.ts';
import { type Row, rowsText } from './rows.ts';

/** More outages than this are counted only: the closing text stays one screen. */
const OUTAGES_SHOWN = 8;

/** Columns of a Last-Event-ID. */
const LONGEST_ID = 60;

/**
 * The closing summary of `listen`: a line for each figure that there is something to say about.
 * @param columns width of the terminal; `undefined`: nothing is folded
 */
export function summaryText(summary: ListenSummary, palette: Palette, columns: number | undefined): string {
  const rows: Row[] = [
    ['events', eventsText(summary)],
    ['bytes', bytesText(summary)],
  ];
  if (hasGaps(summary.gaps)) rows.push(['gaps', quantilesText(summary.gaps)]);
  if (hasGaps(summary.silence)) rows.push(['silence', quantilesText(summary.silence)]);
  if (summary.outages.length > 0) rows.push(...outageRows(summary.outages));
  if (summary.browserWouldStop.length > 0) rows.push(['note', browserText(summary.browserWouldStop)]);
  return rowsText(rows, palette, columns);
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
  const { count, censored, leftOut = 0 } = quantiles;
  return count > 0 || censored.count > 0 || leftOut > 0;
}

function quantilesText(quantiles: Quantiles): string {
  const parts: string[] = [];
  if (quantiles.count > 0) {
    parts.push(
      quantileText('p50', quantiles.p50, quantiles.p50AtLeast, 0.5, quantiles.count),
      quantileText('p99', quantiles.p99, quantiles.p99AtLeast, 0.99, quantiles.count),
      `max ${formatDuration(quantiles.max)}`,
    );
  }
  const { count, longest } = quantiles.censored;
  // A cut gap that whole ones exceed changes nothing that a reader would conclude.
  if (longest > quantiles.max)
    parts.push(`${formatCount(count)} cut short, at least ${formatDuration(longest)}`);
  const { leftOut = 0 } = quantiles;
  if (leftOut > 0) parts.push(`${formatCount(leftOut)} not counted: the reading was held up here`);
  return parts.join(' · ');
}

function quantileText(
  name: string,
  value: number | null,
  atLeast: true | undefined,
  q: number,
  count: number,
): string {
  if (value === null) return `${name} – (needs ${samplesFor(q)}, has ${count})`;
  return `${name} ${atLeast ? '≥ ' : ''}${formatDuration(value)}`;
}

function outageRows(outages: readonly Outage[]): Row[] {
  const rows = outages.slice(0, OUTAGES_SHOWN).flatMap(outageText);
  const further = outages.length - OUTAGES_SHOWN;
  if (further > 0) rows.push(['', `and ${counted(further, 'further outage')}`]);
  return rows;
}

function outageText(outage: Outage): Row[] {
  const what = `at ${formatDuration(outage.t)}: ${outage.reason}`;
  const silence =
    outage.silenceBeforeEnd > 0 ? ` after ${formatDuration(outage.silenceBeforeEnd)} of silence` : '';
  const further = [...backText(outage), ...resumeText(outage)];
  return [['outage', `${what}${silence}`], ...further.map((text): Row => ['', text])];
}

function backText(outage: Outage): string[] {
  const attempts = outage.attempts > 1 ? ` in ${counted(outage.attempts, 'attempt')}` : '';
  if (outage.reconnectTime === undefined) return [`not back${attempts}`];
  const event =
    outage.outage === undefined ? 'no event since' : `first event after ${formatDuration(outage.outage)}`;
  const parts = [`wait ${formatDuration(outage.backoff)}`];
  if (outage.failedAttempts > 0) parts.push(`failed attempts ${formatDuration(outage.failedAttempts)}`);
  parts.push(`headers ${formatDuration(outage.reconnectHeaders ?? 0)}`);
  return [`back in ${formatDuration(outage.reconnectTime)}${attempts}; ${event}`, `  = ${parts.join(' + ')}`];
}

function resumeText(outage: Outage): string[] {
  if (outage.reconnectTime === undefined) return [];
  if (outage.resumedFrom === undefined) return ['resumed without an id'];
  const lost =
    outage.lost === undefined ? '' : outage.lost === 0 ? 'none lost' : `${formatCount(outage.lost)} lost`;
  const repeated = outage.repeated === 0 ? 'none repeated' : `${formatCount(outage.repeated)} repeated`;
  return [
    `resumed from ${cutEnd(escapeInline(outage.resumedFrom), LONGEST_ID)}: ${[lost, repeated].filter((part) => part !== '').join(', ')}`,
  ];
}

function browserText(statuses: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const list = [...counts].map(([status, count]) => (count === 1 ? `${status}` : `${status} (${count}×)`));
  return `a browser would have stopped here: EventSource does not retry ${list.join(', ')}`;
}
