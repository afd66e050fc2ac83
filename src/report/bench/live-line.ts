import type { LiveWindow } from '../../results/bench/live.ts';
import { cutEnd, displayWidth } from '../display-width.ts';
import { formatDuration } from '../duration.ts';
import { formatBytes, formatCount, formatRate } from '../quantity.ts';
import { formatMeasured, NO_FIGURE } from './figures.ts';

/** Back to the start of the line, and away with what is on it. */
const CLEAR_LINE = '\r\u001b[K';

const DEFAULT_WIDTH = 80;

/** What stands on a terminal while a run goes on: one line, ever anew. */
export function liveLine(columns: () => number | undefined) {
  let shown = false;
  return {
    next(live: LiveWindow): string {
      shown = true;
      // One column less: a full line moves some terminals to the next.
      return CLEAR_LINE + fitting(partsOf(live), (columns() ?? DEFAULT_WIDTH) - 1);
    },
    clear(): string {
      const text = shown ? CLEAR_LINE : '';
      shown = false;
      return text;
    },
  };
}

/** The most wanted first: what has no room at the end is left out. */
function partsOf({ run, window, soFar }: LiveWindow): string[] {
  const { from, to, connected, target, started, events, bytes, warmUp } = window;
  const ms = to - from;
  const { value, atLeast } = soFar.firstEventP99;
  const errors = soFar.counts.failedAttempts;
  return [
    `${formatDuration(to)} of ${formatDuration(run.plan.durationMs)}${warmUp === true ? ' (warm-up)' : ''}`,
    `${formatCount(connected)}${target === undefined ? '' : ` of ${formatCount(target)}`} open`,
    `${formatCount(errors)} failed`,
    `${formatRate(events, ms)} events`.replace('/s events', ' events/s'),
    `first event p99 ${value === null ? NO_FIGURE : `${atLeast ? '≥' : ''}${formatMeasured(value)}`}`,
    `${ms > 0 ? formatBytes((bytes * 1000) / ms) : NO_FIGURE}/s`,
    `${formatRate(started, ms)} started`.replace('/s started', ' started/s'),
  ];
}

const BETWEEN = ' · ';

function fitting([first = '', ...parts]: readonly string[], width: number): string {
  let line = cutEnd(first, Math.max(2, width));
  for (const part of parts) {
    if (displayWidth(line) + displayWidth(BETWEEN + part) > width) break;
    line += BETWEEN + part;
  }
  return line;
}
