import type { BodyReader } from './body-reader.ts';
import type { SseKitError } from './errors.ts';
import { headerValue } from './headers.ts';
import type { ClientReason, CloseInfo, CloseReason, Marks, OpenInfo } from './records.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Why an attempt ended, and what it had come to by then. */
export interface Closing {
  reason: CloseReason;
  error: SseKitError | undefined;
  by: ClientReason | undefined;
  pendingBytes: number;
  info: OpenInfo | undefined;
  /** Absent where no stream was read. */
  reader: BodyReader | undefined;
  /** The beginning of the body of an answer that was no stream. */
  errorText: string;
  /** What the attempt resumed from. */
  lastEventId: string;
  marks: Marks;
}

export function closeInfoOf(closing: Closing): CloseInfo {
  const { reason, error, by, pendingBytes, info, reader, marks } = closing;
  const retryAfter = headerValue(info?.headers ?? [], 'retry-after');
  const wait = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, Date.now());
  // A compressed page is not worth a decoder: its message would be gibberish without one.
  const body = info?.encoding === 'identity' ? closing.errorText : '';
  return {
    reason,
    ...(by === undefined ? {} : { by }),
    ...(info === undefined ? {} : { status: info.status, framing: info.framing }),
    ...(error === undefined ? {} : { error }),
    events: reader?.events ?? 0,
    comments: reader?.comments ?? 0,
    bytes: reader?.bytes ?? 0,
    wireBytes: reader?.wireBytes ?? 0,
    pendingBytes,
    lastEventId: reader?.lastEventId ?? closing.lastEventId,
    ...(wait === undefined ? {} : { retryAfterMs: wait.ms }),
    ...(wait?.clamped ? { retryAfterClamped: true as const } : {}),
    ...(body === '' ? {} : { body }),
    marks,
  };
}
