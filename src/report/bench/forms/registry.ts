import type { ResultForm } from './form.ts';

export interface FormEntry {
  /** What the file holds, in a few words. */
  holds: string;
  /** Absent: not built yet. */
  load?: () => Promise<ResultForm>;
  /** Written by `bench` alone, while the run goes on: a result holds too little for it. */
  liveOnly?: true;
}

/** The forms of a result by the ending of the file. */
export const FORMS = {
  '.json': { holds: 'the result', load: async () => (await import('./json.ts')).jsonForm },
  '.ndjson': {
    holds: 'a timeline: a line for each second',
    load: async () => (await import('./timeline.ts')).timelineForm,
    liveOnly: true,
  },
  '.csv': { holds: 'a row for each second', load: async () => (await import('./csv.ts')).csvForm },
  '.hgrm': {
    holds: 'the distributions, as an HdrHistogram log',
    load: async () => (await import('./histogram-log.ts')).histogramLogForm,
  },
  '.prom': {
    holds: 'the figures for Prometheus',
    load: async () => (await import('./prometheus.ts')).prometheusForm,
  },
  '.html': { holds: 'a report for a browser' },
  '.xml': { holds: 'JUnit' },
} as const satisfies Readonly<Record<string, FormEntry>>;

export type FormEnding = keyof typeof FORMS;
