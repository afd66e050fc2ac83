import type { EncodableEvent } from '../sse/encoder.ts';

/** What a stream sends, as a function of the event's number: the same number is always the same event. */
export interface Schedule {
  /**
   * @param n number of the event, from 1; it is sent as the event's id
   * @param nowMs wall clock, milliseconds since the epoch
   * @returns the event, or `undefined` where the stream ends before it
   */
  event(n: number, nowMs: number): ScheduledEvent | undefined;
}

export interface ScheduledEvent extends Omit<EncodableEvent, 'id' | 'retry'> {
  /** Wait after the event before it; for the first of a connection, after the headers. */
  afterMs: number;
}
