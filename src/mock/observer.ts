/** A request as it came: what logs and tests look at. */
export interface RequestInfo {
  /** From 1, in the order of arrival. */
  id: number;
  /** Monotonic milliseconds, when the head had been read. */
  atMs: number;
  method: string;
  /** Path and query as sent, secrets included. */
  target: string;
  headers: readonly (readonly [name: string, value: string])[];
  httpVersion: '1.0' | '1.1' | '2';
  secure: boolean;
  remoteAddress: string;
  remotePort: number;
}

export interface StreamInfo {
  request: RequestInfo;
  /** Name of the route that answered. */
  route: string;
  /** 200, unless it passes on what was made elsewhere. */
  status: number;
  client: string;
  /** From 1, per route and client. */
  connection: number;
  lastEventId: string;
  /** Open streams, this one included. */
  streams: number;
}

/**
 * Why a stream ended: `eof` in order, `cut` with the transfer unfinished, `reset`: as its schedule or a fault had it;
 * `left`: the client went; `stalled`: dropped, as it held too much; `overrun`: events left the buffer before it took
 * them; `overfull`: more was published than its faults let through; `expired`: its token did; `closing`: the server
 * stops.
 */
export type StreamEnd =
  | 'eof'
  | 'cut'
  | 'reset'
  | 'left'
  | 'stalled'
  | 'overrun'
  | 'overfull'
  | 'expired'
  | 'closing';

/** `left`: the client went before it was answered; else the connection was ended without an answer, in that way. */
export type Unanswered = 'left' | 'cut' | 'reset';

export interface StreamSummary {
  end: StreamEnd;
  /** Absent where the body was made elsewhere: nobody has looked at its events. */
  events?: number;
  /** Of the body, before compression. */
  bytes: number;
  durationMs: number;
  /** Open streams, this one no longer. */
  streams: number;
}

/** Is told what happens on a server. What it throws is a fault of the program. */
export interface MockObserver {
  /** A stream's head has left. */
  opened?(stream: StreamInfo): void;
  closed?(requestId: number, summary: StreamSummary): void;
  /** An answer that is no stream, whole. */
  answered?(request: RequestInfo, status: number, bytes: number): void;
  /** A request that came to nothing. */
  unanswered?(request: RequestInfo, why: Unanswered): void;
  /** Something its user should know, one sentence. */
  warned?(message: string): void;
}

/** Tells several observers the same. */
export function observers(list: readonly MockObserver[]): MockObserver {
  return {
    opened: (stream) => list.forEach((each) => void each.opened?.(stream)),
    closed: (id, summary) => list.forEach((each) => void each.closed?.(id, summary)),
    answered: (request, status, bytes) =>
      list.forEach((each) => void each.answered?.(request, status, bytes)),
    unanswered: (request, why) => list.forEach((each) => void each.unanswered?.(request, why)),
    warned: (message) => list.forEach((each) => void each.warned?.(message)),
  };
}
