import type { BodyReader } from './body-reader.ts';
import { parseContentEncoding } from './content-coding.ts';
import type { SseKitError } from './errors.ts';
import type { ResponseHead } from './exchange.ts';
import { headerValue } from './headers.ts';
import type { ClientReason, CloseInfo, CloseReason, Framing, Marks } from './records.ts';
import { parseRetryAfter } from './retry-after.ts';
import { isTransferCoded } from './transfer-coding.ts';

/** What of an answer is told again when its stream closes, which may be hours later. */
export interface Answered {
  readonly status: number;
  readonly framing: Framing;
  readonly retryAfter: string | undefined;
  readonly isCoded: boolean;
}

export function answeredOf({ status, framing, headers }: ResponseHead): Answered {
  const codings = parseContentEncoding(headerValue(headers, 'content-encoding') ?? '');
  const isCoded = codings.length > 0 || isTransferCoded(headers);
  return { status, framing, retryAfter: headerValue(headers, 'retry-after'), isCoded };
}

/** Why an attempt ended, and what it had come to by then. */
export interface Closing {
  reason: CloseReason;
  error: SseKitError | undefined;
  by: ClientReason | undefined;
  pendingBytes: number;
  /** Absent where no headers came. */
  answered: Answered | undefined;
  /** Absent where no stream was read. */
  reader: BodyReader | undefined;
  /** The beginning of the body of an answer that was no stream. */
  errorText: string;
  /** What the attempt resumed from. */
  lastEventId: string;
  marks: Marks;
}

export function closeInfoOf(closing: Closing): CloseInfo {
  const { reason, error, by, pendingBytes, answered, reader, marks } = closing;
  const retryAfter = answered?.retryAfter;
  const wait = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, Date.now());
  // A compressed page is not worth a decoder: its message would be gibberish without one.
  const body = answered?.isCoded === false ? closing.errorText : '';
  return {
    reason,
    ...(by === undefined ? {} : { by }),
    ...(answered === undefined ? {} : { status: answered.status, framing: answered.framing }),
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
