import { windowHistograms } from '../../../results/bench/window-histograms.ts';
import { escapeJson } from '../../escape.ts';
import type { ResultForm } from './form.ts';

/** Version of the records. */
const VERSION = 1;

/**
 * NDJSON: `start`, a `window` for each second with its histograms, so that any span can be summed later, and `summary`.
 * A file without the last was left by a run that did not come to its end.
 */
export const timelineForm: ResultForm = {
  live: {
    head: (run) => line({ type: 'start', v: VERSION, ...run }),
    window: ({ window, snapshot, generator }) =>
      line({
        type: 'window',
        ...window,
        counts: snapshot.counts,
        endings: nonZero(snapshot.endings),
        histograms: windowHistograms(snapshot),
        generator,
      }),
    // The windows have been told.
    tail: ({ series: _, ...result }) => line({ type: 'summary', ...result }),
  },
};

function nonZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function line(record: object): string {
  return `${escapeJson(JSON.stringify(record))}\n`;
}
