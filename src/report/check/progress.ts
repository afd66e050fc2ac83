import type { ProbeStatus } from '../../results/check/result.ts';
import { cutEnd } from '../display-width.ts';

/** Back to the start of the line, and away with what is on it. */
const CLEAR_LINE = '\r\u001b[K';

/** `running` may come again: a failure is measured twice before it is believed. */
export type ProbeState = 'running' | 'skipped' | ProbeStatus;

/** What is known of a run before it begins. */
export interface Expected {
  /** How many probes it has. */
  probes: number;
  /** How long it takes, where nothing is measured twice. */
  ms: number;
  /** How long a measurement takes, the first or another one; nothing where all are one. */
  measurementMs?(probe: string, isAgain: boolean): number;
  /** Whether a probe does nothing but wait, so that there is nothing to be seen for minutes. */
  waits(probe: string): boolean;
}

interface Running {
  sinceMs: number;
  isAgain: boolean;
}

/** What stands on a terminal while probes run: one line, ever anew. Times are milliseconds of one clock. */
export function progressLine(expected: Expected, columns: () => number | undefined, nowMs: () => number) {
  const startMs = nowMs();
  const states = new Map<string, ProbeState>();
  const running = new Map<string, Running>();
  /** It grows where something is measured again. */
  let endMs = startMs + expected.ms;

  function draw(): string {
    const found = [...states.values()].filter((state) => state === 'fail' || state === 'warn').length;
    const words = [
      `${states.size - running.size} of ${expected.probes}`,
      ...(found > 0 ? [`${found} found something`] : []),
      `${clock(nowMs() - startMs)} of about ${clock(Math.max(endMs, nowMs()) - startMs)}`,
      ...(running.size > 0 ? [doingText(running, expected)] : []),
      'Ctrl-C shows what is known',
    ];
    // One column less: a full line moves some terminals to the next.
    return CLEAR_LINE + cutEnd(words.join(' · '), Math.max(2, (columns() ?? 80) - 1));
  }

  return {
    next(probe: string, state: ProbeState): string {
      const isAgain = states.get(probe) === 'running' && state === 'running';
      states.set(probe, state);
      if (state === 'running') {
        running.set(probe, { sinceMs: nowMs(), isAgain });
        endMs = Math.max(endMs, nowMs() + (expected.measurementMs?.(probe, isAgain) ?? 0));
      } else running.delete(probe);
      return draw();
    },
    /** The same with what the clock says now. */
    tick: () => (states.size === 0 ? '' : draw()),
    clear: () => (states.size === 0 ? '' : CLEAR_LINE),
  };
}

/** What runs, and why nothing is to be seen of it. */
function doingText(running: ReadonlyMap<string, Running>, { waits }: Expected): string {
  const names = [...running.keys()];
  const again = names.filter((probe) => running.get(probe)?.isAgain);
  if (again.length > 0) return `${again.join(', ')}: measured again to be sure`;
  return names.join(', ') + (names.every((probe) => waits(probe)) ? ': waiting on purpose' : '');
}

/** `1:05`, `1:02:03` */
function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes < 60
    ? `${minutes}:${pad(rest)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(rest)}`;
}
