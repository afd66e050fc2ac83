import type { SeriesWindow } from '../../../results/bench/result.ts';
import type { ResultForm } from './form.ts';

/** Column → figure; empty where there is none. Columns are only ever added, at the end. */
const COLUMNS: Readonly<Record<string, (window: SeriesWindow) => number | null | undefined>> = {
  from_ms: ({ from }) => from,
  to_ms: ({ to }) => to,
  warm_up: ({ warmUp }) => (warmUp === true ? 1 : 0),
  started: ({ started }) => started,
  connected: ({ connected }) => connected,
  connecting: ({ connecting }) => connecting,
  waiting: ({ waiting }) => waiting,
  target: ({ target }) => target,
  events: ({ events }) => events,
  bytes: ({ bytes }) => bytes,
  attempts: ({ attempts }) => attempts,
  failed_attempts: ({ failedAttempts }) => failedAttempts,
  first_event_p50_ms: ({ firstEventP50 }) => firstEventP50,
  first_event_p99_ms: ({ firstEventP99 }) => firstEventP99,
  event_gap_p99_ms: ({ eventGapP99 }) => eventGapP99,
  delivery_latency_p99_ms: ({ deliveryLatencyP99 }) => deliveryLatencyP99,
  steal: ({ steal }) => steal,
};

/** A row for each window of the result, below the names of the columns. */
export const csvForm: ResultForm = {
  text({ series }) {
    const figures = Object.values(COLUMNS);
    const rows = series.map((window) => figures.map((figure) => figure(window) ?? '').join(','));
    return `${[Object.keys(COLUMNS).join(','), ...rows].join('\n')}\n`;
  },
};
