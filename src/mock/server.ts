import type { IncomingHttpHeaders } from 'node:http';
import { seededRandom } from '../stats/random.ts';
import type { PlainAnswer } from './answer.ts';
import { type Admission, Gate } from './auth.ts';
import type { MockConfig } from './config.ts';
import { Connections } from './connections.ts';
import { Front } from './front.ts';
import { corsHeaders, preflightHeaders } from './http/cors.ts';
import { type Exchange, IncomingRequest, isGone } from './http/incoming.ts';
import { listen } from './http/listener.ts';
import type { Malformed } from './http/malformed.ts';
import { refusalAnswer, respond } from './http/respond.ts';
import { Lateness } from './lateness.ts';
import { StreamCounts } from './limits.ts';
import { MockMetrics } from './metrics.ts';
import type { MockObserver, RequestInfo, Unanswered } from './observer.ts';
import { type OpenedStream, Opening } from './opening.ts';
import { parameter, shapeParsers } from './overrides.ts';
import { RequestError } from './request.ts';
import type { RouteMatch, Site } from './site.ts';
import { standStill } from './stand-still.ts';
import type { MockStream } from './stream.ts';
import { Timetable } from './timetable.ts';

export interface MockServer {
  /** With a closing slash. */
  readonly url: string;
  readonly port: number;
  /** Streams that are open now. */
  readonly streams: number;
  readonly metrics: MockMetrics;
  readonly lateness: Lateness;
  /** For requests from now on; streams end as they began. */
  serve(site: Site): void;
  /** Ends every stream in order, then the server; connections that don't follow are cut after a second. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;

/** A client that sends garbage for long fills no log. */
const MOST_MALFORMED_TOLD = 20;
const MALFORMED_WINDOW_MS = 60_000;

/**
 * Starts a server, and resolves when it accepts connections.
 *
 * @throws SseKitError exit 2 where it can't listen
 */
export async function startMockServer(config: MockConfig): Promise<MockServer> {
  const server = new Server(config);
  const listener = await listen(config, {
    exchange: (exchange) => void server.serve(exchange),
    malformed: (malformed) => server.malformed(malformed),
  });
  return {
    url: listener.url,
    port: listener.port,
    get streams() {
      return server.streams.size;
    },
    metrics: server.metrics,
    lateness: server.lateness,
    serve: (site) => {
      server.site = site;
    },
    async close() {
      const closed = listener.close();
      server.end(() => listener.closeIdle());
      const cut = setTimeout(() => listener.closeAll(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

class Server {
  site: Site;
  readonly streams = new Set<MockStream>();
  readonly metrics = new MockMetrics();
  readonly lateness = new Lateness();
  readonly #config: MockConfig;
  readonly #timetable = new Timetable();
  readonly #connections = new Connections();
  readonly #gate = new Gate(() => this.#timetable.now());
  readonly #counts = new StreamCounts();
  readonly #front: Front;
  readonly #opening: Opening;
  #closing: (() => void) | undefined;
  #malformed = { sinceMs: -Infinity, told: 0 };

  constructor(config: MockConfig) {
    this.#config = config;
    this.site = config.site;
    this.#front = new Front(config, {
      metrics: () => this.#metricsText(),
      published: () => {
        this.metrics.published += 1;
      },
    });
    this.#opening = new Opening(config, {
      timetable: this.#timetable,
      lateness: this.lateness,
      maxStalledBytes: config.maxStalledBytes,
      freeze: config.freeze ?? standStill,
      warn: (message) => config.observer.warned?.(message),
    });
  }

  async serve(exchange: Exchange): Promise<void> {
    const { observer, cors, maxPayloadBytes } = this.#config;
    this.metrics.requests += 1;
    const now = this.#timetable.now();
    const incoming = new IncomingRequest(exchange, this.metrics.requests, now, maxPayloadBytes);
    const granted = corsHeaders(cors, incoming.headers.origin);
    const whole = (answer: PlainAnswer) => {
      if (isGone(exchange)) {
        observer.unanswered?.(incoming.info, 'left');
        return;
      }
      incoming.discardBody();
      const bytes = respond(exchange, answer, granted);
      this.metrics.answered(answer.status);
      observer.answered?.(incoming.info, answer.status, bytes);
    };
    try {
      const opened = await this.#answer(exchange, incoming, granted);
      if (typeof opened === 'string') observer.unanswered?.(incoming.info, opened);
      else if ('kind' in opened) whole(opened);
      else this.#keep(opened, incoming.info);
    } catch (error) {
      const refusal = refusalAnswer(asRefusal(error, observer));
      if (!exchange.response.headersSent) whole(refusal);
      else {
        // The head has left: all that can be said is that it went wrong.
        exchange.raw.resetAndDestroy();
        observer.unanswered?.(incoming.info, 'reset');
      }
    }
  }

  /** What came is no request. */
  malformed({ status, message }: Malformed): void {
    this.metrics.malformed += 1;
    if (status !== undefined) this.metrics.answered(status);
    const now = this.#timetable.now();
    if (now - this.#malformed.sinceMs > MALFORMED_WINDOW_MS) this.#malformed = { sinceMs: now, told: 0 };
    this.#malformed.told += 1;
    const { told } = this.#malformed;
    if (told > MOST_MALFORMED_TOLD) return;
    const last =
      told === MOST_MALFORMED_TOLD ? ' (the next of this minute are counted in /metrics only)' : '';
    this.#config.observer.warned?.(`${message}${last}`);
  }

  /** Ends all streams; `idle` is called when connections without a request are left. */
  end(idle: () => void): void {
    // A connection turns idle in the turn of the loop in which its stream ended.
    this.#closing = () => setImmediate(idle);
    for (const stream of this.streams) stream.end('closing');
    this.#closing();
  }

  async #answer(
    exchange: Exchange,
    incoming: IncomingRequest,
    cors: Readonly<Record<string, string>>,
  ): Promise<PlainAnswer | OpenedStream | Unanswered> {
    const { method } = incoming.info;
    const { headers, path } = incoming;
    if (method === 'OPTIONS') return preflight(headers);
    const own = this.site.alone === true ? undefined : this.#front.find(method, path, headers);
    const found = own === undefined ? this.site.find({ method, path, headers }) : { route: own, params: {} };
    if (found === undefined) throw new RequestError(404, `no route of the scenario fits ${method} ${path}`);
    const { route, params } = found;

    const { auth = route.open === true ? undefined : this.#config.auth } = route;
    const admission = auth === undefined ? EVERYONE : this.#gate.admit(auth, incoming.query, headers);
    const holder = admission.user ?? incoming.client;
    const asked = { exchange, incoming, route, params, admission, holder, cors };
    if (own !== undefined) return this.#answerBy(asked);
    // Counted while it opens, or requests that come at once would all find room.
    this.#counts.enter(route.limit ?? this.#config.limit, holder);
    let opened: PlainAnswer | OpenedStream | Unanswered = 'left';
    try {
      opened = await this.#answerBy(asked);
      return opened;
    } finally {
      if (typeof opened === 'string' || 'kind' in opened) this.#counts.leave(holder);
    }
  }

  async #answerBy(asked: AskedRoute): Promise<PlainAnswer | OpenedStream | Unanswered> {
    const { exchange, incoming, route, params, admission, holder, cors } = asked;
    // HEAD asks what a stream would be like, and is none.
    const { method } = incoming.info;
    const connection = method === 'HEAD' ? 1 : this.#connections.next(route.name, incoming.client);
    // Only this: the rest is for the handler to refuse, in words of its own.
    const text = this.#config.fixed ? null : incoming.query.get('seed');
    const seed = text === null ? this.#config.seed : parameter('seed', () => shapeParsers.seed(text));
    const random = seededRandom(seed, connection);
    const request = incoming.withRoute({ params, connection, user: admission.user, random });
    const answer = await route.handler(request);
    // What the server says for itself is not for faults.
    if (answer.kind === 'plain' && route.own === true) return answer;
    incoming.discardBody();
    const { info } = incoming;
    return this.#opening.open({ exchange, request, info, route, answer, admission, holder, seed, cors });
  }

  #keep({ stream, request, route, holder, status, relayed }: OpenedStream, info: RequestInfo): void {
    const { observer } = this.#config;
    const { id, atMs } = info;
    const { metrics, streams } = this;
    streams.add(stream);
    metrics.streams = streams.size;
    metrics.streamsOpened += 1;
    const { client, connection, lastEventId } = request;
    observer.opened?.({
      request: info,
      route: route.name,
      status,
      client,
      connection,
      lastEventId,
      streams: streams.size,
    });
    stream.onEnd = (end) => {
      streams.delete(stream);
      this.#counts.leave(holder);
      metrics.streams = streams.size;
      metrics.ended(end, stream.events, stream.sentBytes);
      const durationMs = this.#timetable.now() - atMs;
      const { events, sentBytes: bytes } = stream;
      const counted = relayed ? {} : { events };
      observer.closed?.(id, { end, ...counted, bytes, durationMs, streams: streams.size });
      this.#closing?.();
    };
    if (this.#closing !== undefined) stream.end('closing');
    else stream.start();
  }

  #metricsText(): string {
    return this.metrics.text(this.lateness, this.streams);
  }
}

interface AskedRoute extends RouteMatch {
  exchange: Exchange;
  incoming: IncomingRequest;
  admission: Admission;
  holder: string;
  cors: Readonly<Record<string, string>>;
}

const EVERYONE: Admission = { guarded: false, user: undefined, leftMs: Infinity };

/** What is asked before a request of another origin, and by `OPTIONS` in general. */
function preflight(headers: IncomingHttpHeaders): PlainAnswer {
  const method = headers['access-control-request-method'];
  const asked =
    method === undefined
      ? { allow: METHODS }
      : preflightHeaders(method, headers['access-control-request-headers']);
  return { kind: 'plain', status: 204, headers: asked };
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** A fault of ours ends neither the server nor other streams; it is told, and the client gets 500. */
function asRefusal(error: unknown, observer: MockObserver): RequestError {
  if (error instanceof RequestError) return error;
  observer.warned?.(`unexpected error: ${error instanceof Error ? error.stack : String(error)}`);
  return new RequestError(500, 'an unexpected error, which the server has logged');
}
