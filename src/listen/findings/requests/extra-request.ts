import type { ConnectionPool } from '../../../client/pool.ts';
import type { CloseInfo, OpenInfo } from '../../../client/records.ts';
import { rejectionOf } from '../../../client/rejection.ts';
import type { StreamRequest } from '../../../client/request.ts';
import type { StreamSink } from '../../../client/stream-sink.ts';
import type { SseEvent } from '../../../sse/sink.ts';

/** Past it an extra request is left: what has not come by then counts as not coming. */
export const EXTRA_REQUEST_MS = 5_000;

/** A stream whose events tell nothing is not read for ever. */
const MAX_EVENTS = 100;

export interface ExtraAnswer {
  /** Absent where there was no answer. */
  status?: number;
  /** It is a stream. */
  accepted: boolean;
  /** Ids of its events, up to the one that was waited for. */
  ids: readonly string[];
  /** Events in all, with and without ids. */
  events: number;
  /** From the start of the request to its end. */
  tookMs: number;
}

export interface ExtraRequest {
  request: StreamRequest;
  /** Sent as `Last-Event-ID` where not empty. */
  lastEventId?: string;
  /** The answer is a stream: read it until an event has an id. Else the head is enough. */
  readsId?: boolean;
}

/** Sends one request, bounded in time, and tells what was answered. */
export function askOnce(
  pool: ConnectionPool,
  { request, lastEventId = '', readsId = false }: ExtraRequest,
  clock: () => number,
): Promise<ExtraAnswer> {
  const startedAt = clock();
  return new Promise((resolve) => {
    const ids: string[] = [];
    let events = 0;
    let info: OpenInfo | undefined;
    const leave = () => attempt.close('until');
    const sink: StreamSink = {
      open(head) {
        info = head;
        // Not within the call that opens it.
        if (!readsId || rejectionOf(head) !== undefined) queueMicrotask(leave);
      },
      event({ id }: SseEvent) {
        events += 1;
        if (id !== undefined && id !== '') ids.push(id);
        if (ids.length > 0 || events >= MAX_EVENTS) leave();
      },
      comment() {},
      retry() {},
      warn() {},
      close(_close: CloseInfo) {
        clearTimeout(limit);
        const status = info === undefined ? {} : { status: info.status };
        const accepted = info !== undefined && rejectionOf(info) === undefined;
        resolve({ ...status, accepted, ids, events, tookMs: clock() - startedAt });
      },
    };
    const limit = setTimeout(leave, EXTRA_REQUEST_MS);
    const attempt = pool.open(request, { lastEventId, plannedAt: startedAt }, sink);
  });
}
