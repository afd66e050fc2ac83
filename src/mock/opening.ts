import type { Answer, PlainAnswer, RelayAnswer, StreamAnswer } from './answer.ts';
import type { Admission } from './auth.ts';
import { DEFAULT_CHANNEL, refuseForeignChannels, userChannel } from './channels/channel-names.ts';
import type { MockConfig } from './config.ts';

import { ConnectionFaults } from './faults/connection-faults.ts';
import { createFaultLine } from './faults/fault-line.ts';
import type { FaultContext, ResponseHead } from './faults/line.ts';
import { faultsOf } from './faults/query.ts';

import type { FaultSpec } from './faults/spec.ts';
import { compressIfAccepted } from './http/accept-encoding.ts';
import { hangUp } from './http/hang-up.ts';
import { type HeaderList, STREAM_HEADERS, sendHead } from './http/head.ts';
import { type Exchange, isGone } from './http/incoming.ts';
import { type LostIdPolicy, lostIdComment, resetEvent } from './lost-id.ts';
import type { RequestInfo, Unanswered } from './observer.ts';
import { parameter, shapeOfQuery, shapeParsers } from './overrides.ts';
import { changedHeaders, withCors } from './relay/headers.ts';
import { RelayedLine } from './relay/relayed-line.ts';
import type { MockRequest } from './request.ts';
import type { Route } from './site.ts';
import { MockStream } from './stream.ts';
import type { StreamEnvironment, StreamPlan } from './stream-plan.ts';
import { CompressedWire, type Compression } from './wire/compressed.ts';
import { Http1Wire } from './wire/http1.ts';
import { Http2Wire } from './wire/http2.ts';
import type { Wire } from './wire/wire.ts';

/** A request, and what its route has answered. */
export interface OpeningRequest {
  exchange: Exchange;
  request: MockRequest;
  info: RequestInfo;
  route: Route;
  answer: Answer;
  admission: Admission;
  /** Whose stream it is: the user, else the client. */
  holder: string;
  seed: number;
  cors: Readonly<Record<string, string>>;
}

/** A stream whose head has left, and which is yet to start. */
export interface OpenedStream {
  stream: MockStream;
  request: MockRequest;
  route: Route;
  holder: string;
  status: number;
  /** Its body was made elsewhere, and nobody looked at its events. */
  relayed: boolean;
}

/** Turns an answer into a running stream: head, channels, faults, wire. */
export class Opening {
  readonly #config: MockConfig;
  readonly #environment: StreamEnvironment;

  constructor(config: MockConfig, environment: StreamEnvironment) {
    this.#config = config;
    this.#environment = environment;
  }

  /**
   * @returns the stream; an answer that takes its place; nothing where there was no answer
   * @throws RequestError 400 for a query that asks for what can't be
   */
  async open(opening: OpeningRequest): Promise<OpenedStream | PlainAnswer | Unanswered> {
    const { answer, exchange } = opening;
    switch (answer.kind) {
      case 'plain':
        return this.#plain(opening, answer);
      case 'hang-up':
        if (isGone(exchange)) return 'left';
        hangUp(exchange, answer.how);
        return answer.how;
      case 'relay':
        return this.#openRelay(opening, answer);
      case 'stream':
        return this.#openStream(opening, answer);
    }
  }

  /** An answer that is no stream: what can befall a head befalls this one too. */
  async #plain(opening: OpeningRequest, answer: PlainAnswer): Promise<PlainAnswer | Unanswered> {
    const context = this.#faultContext(opening, { lineEnd: 'lf', errorEvent: FAILURE });
    const faults = createFaultLine(this.#faultsOf(opening), context);
    if (faults === undefined) return answer;
    const { status, headers = {}, body } = answer;
    const head: ResponseHead = { status, headers: { ...headers }, delayMs: 0 };
    faults.head(head);
    const instead = await answerInstead(head, opening.exchange);
    if (instead !== undefined) return instead;
    if (isGone(opening.exchange)) return 'left';
    // Compression is for streams.
    if (head.compression !== undefined) delete head.headers['content-encoding'];
    return {
      kind: 'plain',
      status: head.status,
      headers: head.headers,
      ...(body === undefined ? {} : { body }),
    };
  }

  async #openStream(
    opening: OpeningRequest,
    answer: StreamAnswer,
  ): Promise<OpenedStream | PlainAnswer | Unanswered> {
    const { exchange, request, cors, admission } = opening;
    const { hub, onLostId } = this.#config;
    const shape = this.#config.fixed ? {} : shapeOfQuery(request.query);
    const { lineEnd = 'lf' } = answer;
    const context = this.#faultContext(opening, { lineEnd, errorEvent: answer.errorEvent ?? FAILURE });
    const faults = createFaultLine(this.#faultsOf(opening, answer.faults), context);
    const head: ResponseHead = {
      status: 200,
      headers: { ...STREAM_HEADERS, ...cors, ...answer.headers },
      delayMs: 0,
    };
    faults?.head(head);
    const instead = await answerInstead(head, exchange);
    if (instead !== undefined) return instead;

    const coding = shape.compress ?? this.#config.compress;
    if (coding !== undefined) compressIfAccepted(head, coding, request.headers['accept-encoding']);

    const channels = answer.channels ?? channelsOf(request, admission);
    const byChannel = answer.ids === 'channel';
    const locate = (lastEventId: string) =>
      channels.length === 0 ? undefined : hub.locate(channels, lastEventId);
    let position = await locate(byChannel ? request.lastEventId : '');
    const lost = byChannel ? position?.found === false : answer.lostId === true;
    if (lost && onLostId === '204') return { kind: 'plain', status: 204 };
    if (lost && byChannel && onLostId === 'reset') position = await locate('');
    if (isGone(exchange)) return 'left';
    const { status, headers } = head;
    if (request.method === 'HEAD') return { kind: 'plain', status, headers };

    const plan: StreamPlan = {
      schedule: answer.schedule,
      hold: answer.hold ?? false,
      periodMs: answer.periodMs ?? 0,
      heartbeatMs: shape.heartbeat ?? answer.heartbeatMs ?? this.#config.heartbeatMs,
      heartbeat: answer.heartbeat,
      lineEnd,
      withChannelIds: byChannel,
      live: false,
      faults,
      faultContext: context,
      ttlMs: admission.leftMs,
    };
    return this.#begin(opening, { ...head, headers: Object.entries(headers) }, plan, (stream) => {
      if (answer.opening !== false) stream.remark('stream opened');
      const retryMs = shape['send-retry'] ?? answer.retryMs ?? this.#config.retryMs;
      if (retryMs !== undefined && retryMs !== 'none') stream.announceRetry(retryMs);
      if (lost) tellLost(stream, request.lastEventId, onLostId);
      if (position !== undefined) stream.follow((reader) => hub.follow(channels, position, reader));
    });
  }

  async #openRelay(
    opening: OpeningRequest,
    answer: RelayAnswer,
  ): Promise<OpenedStream | PlainAnswer | Unanswered> {
    let opened: OpenedStream | PlainAnswer | Unanswered = 'left';
    try {
      opened = await this.#relayed(opening, answer);
      return opened;
    } finally {
      // Whoever was to be relayed is left at once where nothing came of it.
      if (typeof opened === 'string' || 'kind' in opened) void answer.schedule.return?.();
    }
  }

  async #relayed(
    opening: OpeningRequest,
    { status, headers, schedule, live, content }: RelayAnswer,
  ): Promise<OpenedStream | PlainAnswer | Unanswered> {
    const { exchange, request, cors, admission } = opening;
    const context = this.#faultContext(opening, { lineEnd: 'lf', errorEvent: FAILURE });
    const line = content === 'other' ? undefined : createFaultLine(this.#faultsOf(opening), context);
    const head: ResponseHead = { status, headers: {}, delayMs: 0 };
    const all = changedHeaders(withCors(headers, cors), (named) => {
      head.headers = named;
      line?.head(head);
    });
    const instead = await answerInstead(head, exchange);
    if (instead !== undefined) return instead;
    const bodiless = request.method === 'HEAD' || head.status === 204 || head.status === 304;
    if (bodiless) void schedule.return?.();
    const plan: StreamPlan = {
      schedule: bodiless ? [][Symbol.iterator]() : schedule,
      hold: false,
      periodMs: 0,
      heartbeatMs: 0,
      heartbeat: undefined,
      lineEnd: 'lf',
      withChannelIds: false,
      live,
      faults: line !== undefined && content === 'events' ? new RelayedLine(line) : line,
      faultContext: context,
      ttlMs: admission.leftMs,
    };
    return this.#begin(opening, { ...head, headers: all }, plan, () => {});
  }

  /** Sends the head and makes the stream; `first` writes what leaves together with the head. */
  #begin(
    { exchange, request, route, holder, answer }: OpeningRequest,
    head: { status: number; headers: HeaderList; compression?: Compression | undefined },
    plan: StreamPlan,
    first: (stream: MockStream) => void,
  ): OpenedStream | Unanswered {
    if (isGone(exchange)) {
      plan.schedule.return?.();
      return 'left';
    }
    const { socket } = exchange;
    // One packet for the head and what is known by now.
    socket.cork();
    try {
      sendHead(exchange, head.status, head.headers);
      const stream = new MockStream(wireOf(exchange, head.compression), plan, this.#environment);
      stream.open();
      first(stream);
      forgetHead(exchange);
      const { status } = head;
      return { stream, request, route, holder, status, relayed: answer.kind === 'relay' };
    } finally {
      socket.uncork();
    }
  }

  /** Of the server, its route, the answer and the query, in this order. */
  #faultsOf({ request, route }: OpeningRequest, own: readonly FaultSpec[] = []): FaultSpec[] {
    const { fixed, faults } = this.#config;
    return [...faults, ...(route.faults ?? []), ...own, ...(fixed ? [] : faultsOf(request.query))];
  }

  #faultContext(
    { request, seed }: OpeningRequest,
    { lineEnd, errorEvent }: Pick<FaultContext, 'lineEnd' | 'errorEvent'>,
  ): FaultContext {
    const { connection, query } = request;
    const text = this.#config.fixed ? null : query.get('split-gap');
    const asked = text === null ? undefined : parameter('split-gap', () => shapeParsers['split-gap'](text));
    const splitGapMs = asked ?? this.#config.splitGapMs;
    return new ConnectionFaults(seed, { connection, lineEnd, errorEvent, splitGapMs });
  }
}

/** Faults may delay a head, or put a whole answer in its place. */
async function answerInstead(head: ResponseHead, exchange: Exchange): Promise<PlainAnswer | undefined> {
  if (head.delayMs > 0) await delayWhileThere(exchange, head.delayMs);
  const { status, headers, body } = head;
  return body === undefined ? undefined : { kind: 'plain', status, headers, body };
}

/** Resolves after the time, or when the client has gone. */
function delayWhileThere({ response }: Exchange, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Thousands of idle streams would each keep a head that nobody reads any more. */
function forgetHead({ request }: Exchange): void {
  if (request.httpVersionMajor === 2) return;
  Object.assign(request, FORGOTTEN);
}

/** The same for all. */
const FORGOTTEN = { rawHeaders: [], headers: {} };

function wireOf({ response, socket, raw }: Exchange, compression: Compression | undefined): Wire {
  const wire =
    'stream' in response ? new Http2Wire(response.stream, socket, raw) : new Http1Wire(response, socket, raw);
  return compression === undefined ? wire : new CompressedWire(wire, compression);
}

/**
 * `?channel=a&channel=b`, else the one that everybody has; a user has one of his own besides.
 *
 * @throws RequestError 403 for the channel of another user
 */
function channelsOf({ query, user }: MockRequest, { guarded }: Admission): string[] {
  const named = query.getAll('channel');
  if (guarded) refuseForeignChannels(named, user);
  const own = user === undefined ? [] : [userChannel(user)];
  return [...new Set([...(named.length === 0 ? [DEFAULT_CHANNEL] : named), ...own])];
}

function tellLost(stream: MockStream, lastEventId: string, policy: LostIdPolicy): void {
  if (policy === 'reset') stream.announce(resetEvent(lastEventId));
  else stream.remark(lostIdComment(lastEventId));
}

/** How a stream tells a failure, where its format has no way of its own. */
const FAILURE = {
  event: 'error',
  data: JSON.stringify({ code: 'internal_error', message: 'something went wrong' }),
};
