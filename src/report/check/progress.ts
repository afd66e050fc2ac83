import type { ProbeStatus } from '../../results/check/result.ts';
import { cutEnd } from '../display-width.ts';

/** Back to the start of the line, and away with what is on it. */
const CLEAR_LINE = '\r\u001b[K';

/** `running` may come again: a failure is measured twice before it is believed. */
export type ProbeState = 'running' | 'skipped' | ProbeStatus;

/** What stands on a terminal while probes run: one line, ever anew. */
export function progressLine(total: number, columns: () => number | undefined) {
  const states = new Map<string, ProbeState>();
  const those = (...wanted: ProbeState[]) =>
    [...states].filter(([, state]) => wanted.includes(state)).map(([probe]) => probe);
  return {
    next(probe: string, state: ProbeState): string {
      states.set(probe, state);
      const running = those('running');
      const found = those('fail', 'warn').length;
      const words = [
        `${states.size - running.length} of ${total}`,
        ...(found > 0 ? [`${found} found something`] : []),
        running.join(', '),
      ];
      // One column less: a full line moves some terminals to the next.
      return CLEAR_LINE + cutEnd(words.join(' · '), Math.max(2, (columns() ?? 80) - 1));
    },
    clear: () => (states.size === 0 ? '' : CLEAR_LINE),
  };
}
