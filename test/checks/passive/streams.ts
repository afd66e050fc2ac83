import type { Observation, ObservedEvent } from '../../../src/checks/observation/observation.ts';
import type { PassiveSeen } from '../../../src/checks/passive/passive-probe.ts';
import type { WaySeen } from '../../../src/checks/passive/stream-seen.ts';
import type { CloseInfo, HeaderPair } from '../../../src/client/records.ts';

/** What becomes of a stream, in milliseconds from when it was asked for. */
export interface Made {
  headMs?: number | null;
  /** When each event came; ids are numbers from 1. */
  eventsMs?: readonly number[];
  data?: (index: number) => string;
  ids?: readonly string[];
  commentsMs?: readonly number[];
  /** Other than what events make by themselves. */
  reads?: readonly { at: number; bytes: number }[];
  endMs?: number;
  how?: CloseInfo['reason'];
  headers?: readonly HeaderPair[];
  framing?: string;
  encoding?: string;
}

const HEADERS: readonly HeaderPair[] = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache, no-transform'],
  ['X-Accel-Buffering', 'no'],
];

/** A stream as it would have been seen. */
export function stream(made: Made = {}): Observation {
  const { headMs = 2, eventsMs = [], data = (index) => `event ${index}`, commentsMs = [] } = made;
  const {
    endMs = 20_000,
    how = 'client',
    headers = HEADERS,
    framing = 'chunked',
    encoding = 'identity',
  } = made;
  const events = eventsMs.map(
    (at, index): ObservedEvent => ({
      at,
      type: '',
      data: data(index),
      id: made.ids?.[index] ?? String(index + 1),
    }),
  );
  const times = [...eventsMs, ...commentsMs].sort((one, other) => one - other);
  return {
    startedAt: 0,
    sentAt: 0,
    ...(headMs !== null && { head: { at: headMs, status: 200, headers, http: '1.1', framing, encoding } }),
    reads: made.reads ?? times.map((at) => ({ at, bytes: 40 })),
    events,
    comments: commentsMs,
    end: { at: endMs, info: { reason: how, ...(how === 'client' && { by: 'for' }) } as CloseInfo },
  };
}

/** A way with the same stream whenever it was asked for, but for what is given. */
export function way(plain: Observation, changes: Partial<WaySeen> = {}): WaySeen {
  return { plain, gzip: plain, again: plain, br: plain, ...changes };
}

export function seen(proxied: WaySeen, direct?: WaySeen): PassiveSeen {
  return { proxied, ...(direct !== undefined && { direct }), wallAheadMs: 0 };
}

/** Times so far apart, from the first on. */
export function every(ms: number, count: number, from = ms): number[] {
  return Array.from({ length: count }, (_, index) => from + index * ms);
}
