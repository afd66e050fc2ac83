import type { EncodableEvent } from '../sse/encoder.ts';
import type { FaultSpec } from './faults/spec.ts';
import type { MockRequest } from './request.ts';
import type { AsyncSchedule, Schedule } from './step.ts';

/** What a route does with a request. A {@link RequestError} that it throws is answered as such. */
export type Handler = (request: MockRequest) => Answer | Promise<Answer>;

export type Answer = PlainAnswer | StreamAnswer | RelayAnswer | HangUp;

export interface PlainAnswer {
  kind: 'plain';
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}

export type LineEnd = 'lf' | 'cr' | 'crlf';

/** An event stream, status 200. */
export interface StreamAnswer {
  kind: 'stream';
  schedule: Schedule;
  /**
   * Keep the stream open for published events when the schedule has come to its end: for good, or until the signal
   * aborts. Default: end it in order.
   */
  hold?: boolean | AbortSignal;
  /** Added to, and before, those that every stream has; a name in lower case replaces the one of that name. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Whose events it carries besides its own; an empty list: nobody's. Default: `?channel=`, else `global`; with a user
   * also `user:ID`.
   */
  channels?: readonly string[];
  /**
   * Whose ids the stream carries, and resumes by: `schedule` (the handler has read `lastEventId`; published events
   * have an id only where their publisher gave one) or `channel` (the hub replays what was published since).
   * Default `schedule`.
   */
  ids?: 'schedule' | 'channel';
  /**
   * The request's `lastEventId` is none of this schedule's, which therefore is the one from the start: the server
   * does what `--on-lost-id` says. (With ids of the channel the hub knows.)
   */
  lostId?: boolean;
  /** A first comment, which shows that the stream has opened. Default true. */
  opening?: boolean;
  /** The reconnection time to announce first thing; `none`: say nothing of it. Default: that of the server. */
  retryMs?: number | 'none';
  /**
   * How often the schedule repeats itself. Its first step may be put off by a thousandth of it (at most 10 ms), to a
   * time that streams of the same period share. Default: it doesn't.
   */
  periodMs?: number;
  /** Silence after which a keepalive goes out; 0: never. Default: that of the server. */
  heartbeatMs?: number;
  /** What the keepalive is. Default: a comment. */
  heartbeat?: EncodableEvent;
  lineEnd?: LineEnd;
  /** How this kind of stream tells a failure in mid-stream (fault `error-event`). Default: `error` {code, message}. */
  errorEvent?: EncodableEvent;
  /** Faults of this answer, besides those of the route, the server and the query. */
  faults?: readonly FaultSpec[];
}

/**
 * An answer that was made elsewhere, by a recording or a server behind this one: its head and its body pass as they
 * are. Nothing is added: no opening, keepalive or published event, no compression, no header but those of the
 * connection itself, and of CORS where it has none. A `Content-Length` among its headers is kept.
 */
export interface RelayAnswer {
  kind: 'relay';
  status: number;
  /** In order, without those of the connection (`Connection`, `Transfer-Encoding`, …); a name may come twice. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Without `end` the answer is whole after the last step. A step that comes after its time is due at once. */
  schedule: Schedule | AsyncSchedule;
  /** Another server is the clock: each step is due when it comes. */
  live: boolean;
  /**
   * What faults have to do with: the `events` of a stream (they are told of each, see `relay/relayed-line.ts`), the bytes
   * of a `coded stream` in which nobody can see events, or nothing, as any `other` answer passes unchanged.
   */
  content: 'events' | 'coded stream' | 'other';
}

/** No answer: the connection ends when the request has been read. */
interface HangUp {
  kind: 'hang-up';
  how: 'cut' | 'reset';
}
