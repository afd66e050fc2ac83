/** What was seen of a client in one case, as it came. Judges look at nothing else. */
export interface Observed {
  readonly requests: readonly ObservedRequest[];
  /** The events that the client handed over, in order; undefined where nobody reports them. */
  readonly events: readonly ReportedEvent[] | undefined;
  /** The event that closes every case was reported: nothing before it is still on its way. */
  readonly closed: boolean;
  /** So much time has passed since anything happened that nothing more is expected. */
  readonly over: boolean;
  /** How long that time is, milliseconds. */
  readonly patienceMs: number;
  /** How long this client took to come back after a clean end with a short `retry:`; undefined where it never did. */
  readonly usualWaitMs: number | undefined;
}

export interface ObservedRequest {
  /** Monotonic milliseconds, when its head had been read. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly accept: string | undefined;
  readonly cacheControl: string | undefined;
  /** The value of `Last-Event-ID`, as bytes; undefined where the request has none. */
  readonly lastEventId: Uint8Array | undefined;
  readonly userAgent: string | undefined;
  /** When its answer was ended by the server, at the earliest; undefined while it is open. */
  endedMs?: number;
}

/** An event as the client handed it to its user. */
export interface ReportedEvent {
  readonly event: string;
  readonly data: string;
  /** Absent where the client has no such thing. */
  readonly lastEventId?: string;
}

/** From the end of an answer until the next request: what the client waited, and its way through the network. */
export function waitsMs({ requests }: Pick<Observed, 'requests'>): number[] {
  return requests.slice(1).map((request, index) => request.atMs - (requests[index]?.endedMs ?? request.atMs));
}

/** The id that a request resumes from, as text; '' where it names none. */
export function lastEventIdOf(request: ObservedRequest): string {
  return request.lastEventId === undefined ? '' : Buffer.from(request.lastEventId).toString('utf8');
}
