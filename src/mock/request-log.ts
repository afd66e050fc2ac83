import { monotonicMs, wallMsAt } from '../client/clock.ts';
import { headerObject } from '../results/header-object.ts';
import { maskHeaders, maskUrl } from '../results/redaction.ts';
import type { MockObserver, RequestInfo } from './observer.ts';
import { LineFile } from './request-log/line-file.ts';

export interface RequestLogOptions {
  /** Credentials are written as they came. Default false: masked. */
  showSecrets?: boolean;
  /** Told once where the file can't be written any more, one sentence. */
  warn(message: string): void;
  /** Of several processes that write into the same file; it goes into each of their lines. Default: there is one. */
  worker?: number | undefined;
}

export interface RequestLog extends MockObserver {
  /** Resolves when all lines are in the file. */
  close(): Promise<void>;
}

/**
 * Appends to a file of NDJSON: a `request` for each request with its headers, when it is known what it gets (a stream,
 * an answer, with its `bytes`, or nothing), and for each stream a `disconnect` with how
 * it ended, its events (not those of a relayed one), its bytes and the time since the request. Where the disk is slower than requests come, lines
 * are left out, and a `lost` says how many.
 *
 * @throws SseKitError exit 23 for a file that can't be written
 */
export async function openRequestLog(path: string, options: RequestLogOptions): Promise<RequestLog> {
  const { showSecrets = false, warn, worker } = options;
  // Absent keys leave no trace.
  const text = (record: object) => JSON.stringify({ ...record, worker });
  const file = await LineFile.open(path, (lines) => text({ type: 'lost', ts: now(), lines }), warn);
  const write = (record: object) => file.write(text(record));

  const requestRecord = (request: RequestInfo) => ({
    type: 'request',
    id: request.id,
    ts: new Date(wallMsAt(request.atMs)).toISOString(),
    method: request.method,
    url: showSecrets ? request.target : maskUrl(request.target),
    headers: headerObject(showSecrets ? request.headers : maskHeaders(request.headers)),
    http: request.httpVersion,
    secure: request.secure,
    remoteAddress: request.remoteAddress,
    remotePort: request.remotePort,
  });

  return {
    opened({ request, route, status, client, connection, lastEventId }) {
      write({ ...requestRecord(request), status, route, client, connection, lastEventId });
    },
    closed(id, { end, events, bytes, durationMs }) {
      write({ type: 'disconnect', id, ts: now(), how: end, events, bytes, ms: rounded(durationMs) });
    },
    answered(request, status, bytes) {
      write({ ...requestRecord(request), status, bytes });
    },
    unanswered(request, how) {
      write(requestRecord(request));
      const ms = rounded(monotonicMs() - request.atMs);
      write({ type: 'disconnect', id: request.id, ts: now(), how, events: 0, bytes: 0, ms });
    },
    close: () => file.close(),
  };
}

function now(): string {
  return new Date().toISOString();
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
