import { monotonicMs } from '../../client/clock.ts';
import type { ConnectionPool } from '../../client/pool.ts';
import type { OpenInfo } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import type { Observation, ObservedEvent, ObservedHead } from './observation.ts';

/** How long a request is watched, and what for. */
export interface Watch {
  /** Leaves after so many milliseconds. */
  forMs: number;
  /** Leaves when it says so; asked at the head and behind each read of the body. */
  until?(seen: Observation): boolean;
  /** Leaves at once when it aborts. */
  signal: AbortSignal;
  /** So many of the body's first bytes are kept, after content decoding; none unless given. */
  keepBytes?: number;
  /** Sent with the request, as by a client that reconnects. */
  lastEventId?: string;
}

/** More of each than any probe asks for: an endless stream of a stranger's must not fill the memory. */
const MOST_KEPT = 50_000;

/** Sends a request, and resolves when it has ended or was left. It doesn't reject: what went wrong is in its `end`. */
export function observe(
  pool: ConnectionPool,
  request: StreamRequest,
  { forMs, until, signal, keepBytes = 0, lastEventId = '' }: Watch,
): Promise<Observation> {
  return new Promise((resolve) => {
    const reads: { at: number; bytes: number }[] = [];
    const events: ObservedEvent[] = [];
    const comments: number[] = [];
    const body: Buffer[] = [];
    let kept = 0;
    const seen: Observation = { startedAt: monotonicMs(), reads, events, comments };
    let asked = false;
    // The decoder is in the middle of a read: its events are looked at together, when it is done with them.
    const look = () => {
      if (asked || until === undefined) return;
      asked = true;
      queueMicrotask(() => {
        asked = false;
        if (seen.end === undefined && until(seen)) attempt.close('until');
      });
    };
    const sink: StreamSink = {
      open(info, at) {
        seen.head = headOf(info, at);
        look();
      },
      body(bytes, at) {
        if (reads.length < MOST_KEPT) reads.push({ at, bytes: bytes.length });
        if (kept < keepBytes) {
          // They are valid only now.
          const piece = Buffer.from(bytes.subarray(0, keepBytes - kept));
          kept += piece.length;
          body.push(piece);
        }
        look();
      },
      event(event, at) {
        const { event: type, data, id = '' } = event;
        if (events.length < MOST_KEPT) events.push({ at, type, data, id });
        look();
      },
      comment(_text, at) {
        if (comments.length < MOST_KEPT) comments.push(at);
        look();
      },
      retry() {},
      warn() {},
      close(info, at) {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        if (info.marks.sent !== undefined) seen.sentAt = info.marks.sent;
        seen.end = { at, info };
        if (keepBytes > 0) seen.body = Buffer.concat(body);
        resolve(seen);
      },
    };
    // Who watches says for how long; a client that loses patience in silence would be taken for a proxy that does.
    const patient = { ...request, idleTimeoutMs: 0 };
    const attempt = pool.open(patient, { lastEventId, plannedAt: seen.startedAt }, sink);
    const leave = () => attempt.close('signal');
    const timer = setTimeout(() => attempt.close('for'), forMs);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

function headOf({ status, headers, http, framing, encoding }: OpenInfo, at: number): ObservedHead {
  return { at, status, headers, http, framing, encoding };
}
