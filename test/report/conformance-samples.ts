import {
  type ConformanceResult,
  type ConformanceRow,
  countOutcomes,
} from '../../src/mock/conformance/result.ts';

const source = 'https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model';

export const passed: ConformanceRow = {
  id: 'reconnect-end',
  text: 'reconnects when the stream has ended in order',
  level: 'must',
  source,
  outcome: 'pass',
  evidence: 'came back after 1,004 ms, asked retry: 1000',
  waitsMs: [1_004.2],
};

export const failed: ConformanceRow = {
  id: 'last-event-id-no-data',
  text: 'takes over an id that comes without data',
  level: 'must',
  source,
  outcome: 'fail',
  evidence: 'sent Last-Event-ID: "with-data", not "without-data"',
};

export const noted: ConformanceRow = {
  id: 'backoff',
  text: 'waits longer the more connections fail',
  level: 'may',
  source,
  outcome: 'note',
  evidence: 'waits of 202, 203, 202 and 202 ms: many such clients overload a server that is in trouble',
};

export const unmeasured: ConformanceRow = {
  id: 'multi-line',
  text: 'joins data lines by LF',
  level: 'must',
  source,
  outcome: 'not-measured',
  evidence: 'needs an adapter, which reports events',
};

export function resultOf(
  rows: readonly ConformanceRow[],
  more: Partial<ConformanceResult> = {},
): ConformanceResult {
  return {
    kind: 'client-conformance',
    version: 1,
    ssekit: '1.2.3',
    startedAt: '2026-01-01T12:00:00.123Z',
    durationMs: 19_420,
    client: { name: 'library 2.0', userAgent: 'node' },
    evidence: 'reports',
    ended: 'complete',
    counts: countOutcomes(rows),
    rows: [...rows],
    ...more,
  };
}
