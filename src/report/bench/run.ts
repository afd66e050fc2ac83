import { ENDINGS } from '../../results/bench/metric.ts';
import type { BenchResult } from '../../results/bench/result.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import type { Palette } from '../palette.ts';
import { counted, formatBytes, formatCount, formatRate } from '../quantity.ts';
import { type Row, rowsText } from '../rows.ts';
import { formatShare } from './figures.ts';
import { lastedMs } from './lasted.ts';
import { openAtEnd } from './open-at-end.ts';
import type { Section } from './section.ts';

const TARGETS_SHOWN = 3;

/** What was run, and what became of it in numbers. */
export const runSection: Section = (result, { palette, columns }) =>
  rowsText(
    [
      ['target', targetText(result)],
      ['plan', planText(result)],
      ['streams', streamsText(result)],
      ['attempts', attemptsText(result)],
      ...spokenRows(result, palette),
      ...(result.counts.events + result.counts.comments === 0 ? [] : [['events', eventsText(result)] as Row]),
    ],
    palette,
    columns,
  );

/** The first targets, and how many more there are. */
export function targetText({ target, targets = [target] }: Pick<BenchResult, 'target' | 'targets'>): string {
  const shown = targets
    .slice(0, TARGETS_SHOWN)
    .map((each) => escapeInline(withPlaces(each)))
    .join(' ');
  const more = targets.length - TARGETS_SHOWN;
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown;
}

/** The places of `--users` as they were written: in a path a URL has their braces percent-encoded. */
function withPlaces(url: string): string {
  return url.replace(/%7B%7B(.*?)%7D%7D/gi, (_, column: string) => `{{${column.replaceAll('%20', ' ')}}}`);
}

/** The load in the words of the command line, and everything else that shapes it. */
export function planText({ plan, ended }: Pick<BenchResult, 'plan' | 'ended'>): string {
  const { load, durationMs, warmUpMs, workers, reconnect, seed, notes } = plan;
  const parts = [escapeInline(load), `for ${formatDuration(durationMs)}`];
  if (ended !== undefined) parts.push(`ended after ${formatDuration(lastedMs({ plan, ended }))}`);
  if (warmUpMs > 0) parts.push(`warm-up ${formatDuration(warmUpMs)}, left out of the figures`);
  parts.push(counted(workers, 'worker'));
  if (reconnect !== 'persistent')
    parts.push(reconnect === 'none' ? 'no reconnects' : 'reconnects as a browser');
  parts.push(...notes.map(escapeInline), `seed ${seed}`);
  return parts.join(' · ');
}

function streamsText(result: BenchResult): string {
  const { planned, started, succeeded, failed, withheld, neverOpened } = result.counts;
  const { connected, waiting, asking, unknown } = openAtEnd(result);
  const reopened = reopenedStreams(result);
  const parts = [
    reopened > 0
      ? `${formatCount(started)} started (${formatCount(result.plan.starts)} planned, ${formatCount(reopened)} in place of others)`
      : `${formatCount(started)} of ${formatCount(planned)} started`,
  ];
  // A 204 ends a stream as wanted, but one that never was a stream had nothing of what was wanted.
  if (succeeded > 0) parts.push(`${formatCount(succeeded)} ended${neverOpened === 0 ? ' as wanted' : ''}`);
  const asWanted = failed + neverOpened === 0 ? ', as wanted' : '';
  if (connected > 0) parts.push(`${formatCount(connected)} open at the end${asWanted}`);
  if (asking > 0) parts.push(`${formatCount(asking)} without an answer at the end`);
  if (waiting > asking) {
    const what = neverOpened === 0 ? 'trying to come back at the end' : 'still trying at the end';
    parts.push(`${formatCount(waiting - asking)} ${what}`);
  }
  if (unknown > 0) parts.push(`${formatCount(unknown)} on a worker that was lost`);
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  else if (neverOpened === 0) parts.push('none failed');
  if (neverOpened > 0) parts.push(`${formatCount(neverOpened)} never got in`);
  if (withheld > 0) parts.push(`${formatCount(withheld)} not started: as many as -c allows were open`);
  return parts.join(' · ');
}

/** Where HTTP/2 was asked for and is not what was spoken, the load was another than meant. */
function spokenRows({ plan, counts }: BenchResult, palette: Palette): Row[] {
  const { opened, http2 } = counts;
  if (plan.http2 !== true || opened === 0 || http2 >= opened) return [];
  const text =
    http2 === 0
      ? 'HTTP/1.1 only, although HTTP/2 was asked for: each stream had a connection of its own'
      : `HTTP/2 for ${formatCount(http2)} of ${counted(opened, 'accepted attempt')}, HTTP/1.1 for the others`;
  return [['spoken', text, palette.yellow]];
}

function attemptsText({ counts, endings }: BenchResult): string {
  const { attempts, failedAttempts } = counts;
  const rate = attempts === 0 ? '' : ` (${formatShare(failedAttempts / attempts)})`;
  const ended = ENDINGS.flatMap((ending) =>
    endings[ending] > 0 ? [`${formatCount(endings[ending])} × ${ENDING_WORDS[ending]}`] : [],
  );
  return [
    formatCount(attempts),
    failedAttempts === 0
      ? `none ${counts.opened === 0 ? 'was answered' : 'failed'}`
      : `${formatCount(failedAttempts)} failed${rate}`,
    ...(attempts === endings.open ? [] : [`by ending: ${ended.join(', ')}`]),
  ].join(' · ');
}

const ENDING_WORDS: Readonly<Record<(typeof ENDINGS)[number], string>> = {
  eof: 'clean end',
  truncated: 'truncated',
  reset: 'reset',
  idle: 'idle',
  status: 'HTTP status',
  wrong_type: 'wrong type',
  no_content: '204',
  connect_error: 'not connected',
  protocol: 'not HTTP',
  client: 'left by us',
  open: 'open',
};

/** Rates leave warm-up out, as all figures do. */
function eventsText(result: BenchResult): string {
  const { counts, measuredSeconds, warmUp } = result;
  const ms = measuredSeconds * 1000;
  const measured = (key: 'events' | 'bytes') => counts[key] - (warmUp?.counts[key] ?? 0);
  const parts = [formatCount(counts.events)];
  if (ms > 0) {
    parts.push(formatRate(measured('events'), ms));
    parts.push(`${formatBytes(measured('bytes') / measuredSeconds)}/s`);
  }
  if (counts.wireBytes !== counts.bytes)
    parts.push(`${formatBytes(counts.bytes)}, ${formatBytes(counts.wireBytes)} on the wire`);
  if (counts.comments > 0) parts.push(counted(counts.comments, 'comment'));
  return parts.join(' · ');
}

/** Streams that took the place of others which had ended: the closed model alone has them. */
export function reopenedStreams({ plan, counts }: BenchResult): number {
  return plan.model === 'closed' ? Math.max(0, counts.started - plan.starts) : 0;
}
