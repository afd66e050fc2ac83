import type { MockObserver, RequestInfo, StreamEnd, StreamInfo, StreamSummary } from './observer.ts';

/** A request as tests look at it. */
export interface RecordedRequest {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  /** Names in lower case; of a header that came twice, the values joined by `, `. */
  headers: Readonly<Record<string, string>>;
  /** Monotonic milliseconds (`monotonicMs`) when its head had been read. */
  atMs: number;
  /** Of the answer; absent while there is none. */
  status?: number;
  /** Of the client's, from 1, where a stream was opened. */
  connection?: number;
  /** Of a stream, '' where the client sent none. */
  lastEventId?: string;
  /** How a stream ended; absent while it is open. */
  end?: StreamEnd;
  /** Of a stream that has ended. */
  events?: number;
}

/** So many are remembered; past it the oldest is forgotten. */
const MOST_REQUESTS = 10_000;

/** Remembers the requests of a server, the latest of them. */
export class RecordedRequests implements MockObserver {
  /** In the order in which they were answered. */
  readonly list: RecordedRequest[] = [];
  readonly #open = new Map<number, RecordedRequest>();

  opened({ request, status, connection, lastEventId }: StreamInfo): void {
    this.#open.set(request.id, this.#add(request, { status, connection, lastEventId }));
  }

  closed(requestId: number, { end, events }: StreamSummary): void {
    Object.assign(this.#open.get(requestId) ?? {}, { end, ...(events === undefined ? {} : { events }) });
    this.#open.delete(requestId);
  }

  answered(request: RequestInfo, status: number): void {
    this.#add(request, { status });
  }

  unanswered(request: RequestInfo): void {
    this.#add(request, {});
  }

  #add({ method, target, headers, atMs }: RequestInfo, more: Partial<RecordedRequest>): RecordedRequest {
    const entry = { method, target, headers: joined(headers), atMs, ...more };
    this.list.push(entry);
    if (this.list.length > MOST_REQUESTS) this.list.shift();
    return entry;
  }
}

function joined(headers: RequestInfo['headers']): Record<string, string> {
  const byName: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const earlier = byName[key];
    byName[key] = earlier === undefined ? value : `${earlier}, ${value}`;
  }
  return byName;
}
