import type { EncodableEvent } from '../sse/encoder.ts';
import type { Handler, StreamAnswer } from './answer.ts';
import type { Schedule } from './step.ts';

export interface NumberedEvent {
  /** After the event before it was due; for the first of a connection, after the headers. */
  afterMs: number;
  /** Without an id: its number is. */
  event: EncodableEvent | ((nowMs: number) => EncodableEvent);
}

/**
 * A stream whose events are a function of their number, which is their id: the same number is always the same event,
 * so that a stream resumes from any id without a memory. Who has had the last one is told that there is no more
 * (204), or would come back for ever.
 *
 * @param count the stream ends behind this one; absent: never
 */
export function numbered(
  eventAt: (n: number) => NumberedEvent,
  count = Infinity,
  details: Partial<StreamAnswer> = {},
): Handler {
  return ({ lastEventId }) => {
    const last = /^[1-9]\d{0,14}$/.test(lastEventId) ? Number(lastEventId) : 0;
    const known = lastEventId === '' || (last > 0 && last <= count);
    if (known && last === count) return { kind: 'plain', status: 204 };
    const schedule = eventsFrom(known ? last + 1 : 1, count, eventAt);
    return { kind: 'stream', schedule, lostId: !known, ...details };
  };
}

function* eventsFrom(first: number, count: number, eventAt: (n: number) => NumberedEvent): Schedule {
  for (let n = first; n <= count; n += 1) {
    const { afterMs, event } = eventAt(n);
    const id = String(n);
    yield {
      kind: 'event',
      afterMs,
      n,
      event: typeof event === 'function' ? (nowMs) => ({ id, ...event(nowMs) }) : { id, ...event },
    };
  }
}
