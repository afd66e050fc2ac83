import type { CloseInfo, OpenInfo } from '../../src/client/records.ts';
import type {
  Consequence,
  EventPosition,
  OpenPosition,
  Position,
  PrinterOptions,
} from '../../src/listen/printer.ts';
import type { ListenSummary, Quantiles } from '../../src/results/listen.ts';
import type { SseEvent } from '../../src/sse/sink.ts';

/** A pipe: no columns, no colour, nothing escaped, no times. */
export function pipe(changes: Partial<PrinterOptions> = {}): PrinterOptions {
  return {
    dataColumns: () => undefined,
    logColumns: () => undefined,
    escape: false,
    colorData: false,
    colorLog: false,
    timestamps: [],
    comments: false,
    include: false,
    showSecrets: false,
    startedAtMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

/** A terminal without colour, so that a test reads what an eye sees. */
export function terminal(columns: number, changes: Partial<PrinterOptions> = {}): PrinterOptions {
  return pipe({
    dataColumns: () => columns,
    logColumns: () => columns,
    escape: true,
    timestamps: ['rel', 'delta'],
    ...changes,
  });
}

export function anEvent(changes: Partial<SseEvent> = {}): SseEvent {
  return { event: 'message', data: 'x', id: undefined, lastEventId: '', bytes: 10, reads: 1, ...changes };
}

export function eventAt(t: number, dt: number, n = 1): EventPosition {
  return { t, dt, n, conn: 1 };
}

export const somewhere: Position = { t: 1500, conn: 1 };

export const opened: OpenPosition = {
  t: 40,
  conn: 1,
  attempt: 1,
  wallMs: Date.UTC(2026, 0, 1) + 40,
  timing: { dns: 1, tcp: 2.26, tls: 9, sent: 9.5, headers: 40 },
};

/** The run ends with it, as it should. */
export const success: Consequence = { final: true, failure: undefined };

const marks = { planned: 1000, start: 1000, dns: 1001, tcp: 1002.26, tls: 1009, sent: 1009.5, headers: 1040 };

export function anAnswer(changes: Partial<OpenInfo> = {}): OpenInfo {
  return {
    url: 'https://example.com/events',
    method: 'GET',
    status: 200,
    statusText: 'OK',
    headers: [['Content-Type', 'text/event-stream']],
    http: '1.1',
    framing: 'chunked',
    encoding: 'identity',
    contentType: 'text/event-stream',
    remoteAddress: '127.0.0.1',
    remotePort: 4000,
    redirects: [],
    requestHeaders: [],
    marks,
    ...changes,
  };
}

export function anEnding(changes: Partial<CloseInfo> = {}): CloseInfo {
  return {
    reason: 'eof',
    framing: 'chunked',
    events: 12,
    comments: 0,
    bytes: 900,
    wireBytes: 900,
    pendingBytes: 0,
    lastEventId: '',
    marks,
    ...changes,
  };
}

export function noGaps(changes: Partial<Quantiles> = {}): Quantiles {
  return {
    count: 0,
    min: 0,
    mean: 0,
    p50: null,
    p99: null,
    max: 0,
    censored: { count: 0, longest: 0 },
    ...changes,
  };
}

export function aSummary(changes: Partial<ListenSummary> = {}): ListenSummary {
  return {
    t: 3200,
    events: 12,
    shown: 12,
    comments: 0,
    bytes: 900,
    wireBytes: 900,
    attempts: 1,
    timing: { headers: 40 },
    gaps: noGaps(),
    silence: noGaps(),
    outages: [],
    lastEventId: '',
    browserWouldStop: [],
    exit: 0,
    ...changes,
  };
}
