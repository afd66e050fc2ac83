import type { ConformanceRow } from '../mock/conformance/result.ts';
import { cutEnd } from './display-width.ts';

/** Back to the start of the line, and away with what is on it. */
const CLEAR_LINE = '\r\u001b[K';

/** What stands on a terminal while the suite runs: one line, ever anew. */
export function progressLine(columns: () => number | undefined) {
  let rows = 0;
  let failed = 0;
  return {
    next({ outcome, text }: ConformanceRow): string {
      rows += 1;
      if (outcome === 'fail') failed += 1;
      const words = `${rows} told, ${failed} failed · ${text}`;
      // One column less: a full line moves some terminals to the next.
      return CLEAR_LINE + cutEnd(words, Math.max(2, (columns() ?? 80) - 1));
    },
    clear: () => (rows === 0 ? '' : CLEAR_LINE),
  };
}
