import type { Quantiles } from '../stats/quantiles.ts';
import type { SummarySections } from './sections.ts';

export type { Quantiles };

/** One interruption, from the moment it was noticed. Milliseconds; `reconnectTime = backoff + failedAttempts + reconnectHeaders`. */
export interface Outage {
  /** Since the start of the run. */
  t: number;
  /** What ended the attempt before it. */
  reason: string;
  attempts: number;
  backoff: number;
  failedAttempts: number;
  /** Absent while nothing answered. */
  reconnectHeaders?: number;
  reconnectEvent?: number;
  reconnectTime?: number;
  /** Noticed until the first event after it. */
  outage?: number;
  silenceBeforeEnd: number;
  /** Last-Event-ID that the successful attempt sent; above 1,024 characters cut, with `…` for the rest. */
  resumedFrom?: string;
  /** Events that came again after the resume (same id as one already seen). */
  repeated: number;
  /** Numeric ids skipped between the last id before and the first after, where ids count upwards by one; absent where they don't. */
  lost?: number;
}

/** What a run of `listen` leaves: the `summary` record of NDJSON, and the closing text on a terminal. */
export interface ListenSummary extends SummarySections {
  /** Milliseconds since the start of the run. */
  t: number;
  /** Events received; `shown` after filters. */
  events: number;
  shown: number;
  comments: number;
  /** Decoded body bytes, and those before content decoding. */
  bytes: number;
  wireBytes: number;
  attempts: number;
  /** Marks of the first attempt that opened, in milliseconds from its start; empty where none opened. */
  timing: Timing;
  gaps: Quantiles;
  silence: Quantiles;
  outages: Outage[];
  lastEventId: string;
  /** Statuses that were retried although a browser would have stopped there. */
  browserWouldStop: number[];
  exit: number;
}

/** Marks of an attempt as milliseconds from its start. */
export interface Timing {
  dns?: number;
  tcp?: number;
  tls?: number;
  sent?: number;
  headers?: number;
  firstByte?: number;
  firstComment?: number;
  firstEvent?: number;
}
