import type { Answer, StreamAnswer } from '../../answer.ts';
import type { MockRequest } from '../../request.ts';
import type { Schedule } from '../../step.ts';
import type { PresetOptions } from '../preset.ts';
import { shapeFor } from '../shape.ts';
import { type Outcome, perform } from './methods.ts';
import {
  failure,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  parseMessage,
  type RpcRequest,
  SESSION_NOT_FOUND,
  TRANSPORT_ERROR,
  TransportError,
} from './rpc.ts';
import { idOf, isServerKey, parseEventId, ServerMessages } from './server-messages.ts';
import { type Session, Sessions } from './session.ts';
import { type Moment, Timeline } from './timeline.ts';

/** Newest first: what a client gets that asks for another. Versions before these had batches, which aren't spoken. */
const PROTOCOL_VERSIONS = ['2025-11-25', '2025-06-18'] as const;

/** From then on clients can read an event that has an id and no data. */
const PRIMING_SINCE = '2025-11-25';

const RETRY_MS = 1_000;
const MESSAGE_INTERVAL_MS = 5_000;
/** Of tools that take their time. */
const STEP_MS = 200;
const STEPS = 5;

/**
 * A server of the Model Context Protocol over streamable HTTP
 * (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports): any path is its endpoint.
 */
export class McpServer {
  readonly #options: PresetOptions;
  readonly #clock: () => number;
  readonly #sessions: Sessions;

  constructor(options: PresetOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#sessions = new Sessions(options.seed ?? 0);
  }

  async answer(request: MockRequest): Promise<Answer> {
    try {
      switch (request.method) {
        case 'POST':
          return await this.#post(request);
        case 'GET':
        case 'HEAD':
          return this.#get(request);
        case 'DELETE':
          this.#sessions.close(this.#sessionOf(request));
          return { kind: 'plain', status: 200 };
        default:
          throw new TransportError(405, TRANSPORT_ERROR, 'Method not allowed.', {
            allow: 'GET, POST, DELETE',
          });
      }
    } catch (error) {
      if (error instanceof TransportError) return error.toAnswer();
      throw error;
    }
  }

  async #post(request: MockRequest): Promise<Answer> {
    checkAccepted(request, ['application/json', 'text/event-stream']);
    const type = String(request.headers['content-type'] ?? '');
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      throw new TransportError(
        415,
        TRANSPORT_ERROR,
        'Unsupported Media Type: Content-Type must be application/json',
      );
    }
    const message = parseMessage((await request.body()).toString('utf8'));
    if (message.kind === 'request' && message.method === 'initialize')
      return this.#initialize(request, message);
    const session = this.#sessionOf(request);
    switch (message.kind) {
      case 'request':
        return this.#run(request, session, message);
      case 'notification':
        if (message.method === 'notifications/cancelled') session.cancel(message.params.requestId);
        return { kind: 'plain', status: 202 };
      case 'response':
        return { kind: 'plain', status: 202 };
    }
  }

  #initialize(request: MockRequest, message: RpcRequest): Answer {
    if (request.headers['mcp-session-id'] !== undefined) {
      throw new TransportError(400, INVALID_REQUEST, 'Invalid Request: Server already initialized');
    }
    const { protocolVersion: asked } = message.params;
    const version = PROTOCOL_VERSIONS.find((each) => each === asked) ?? PROTOCOL_VERSIONS[0];
    const { interval = MESSAGE_INTERVAL_MS } = shapeFor(request, this.#options);
    const session = this.#sessions.open(version, new ServerMessages(this.#clock(), interval));
    return this.#run(request, session, message);
  }

  /** A request's own stream: what it tells on the way, then its answer. */
  #run(request: MockRequest, session: Session, message: RpcRequest): Answer {
    const {
      interval = STEP_MS,
      count = STEPS,
      'send-retry': retry = RETRY_MS,
    } = shapeFor(request, this.#options);
    const key = session.nextKey();
    const outcome = perform(message, session, { stepMs: interval, steps: count });
    const moments = momentsOf(outcome, key, canBePrimed(session) ? retry : undefined);
    const timeline = new Timeline(moments, this.#clock());
    session.keep(key, message.id, timeline);
    const failed = failure(message.id, INTERNAL_ERROR, 'Internal error');
    return streamed(session, timeline.begin(this.#clock()), {
      channels: [],
      errorEvent: { event: 'message', data: JSON.stringify(failed) },
    });
  }

  /** The stream for what the server says by itself, or the rest of one that was cut. */
  #get(request: MockRequest): Answer {
    checkAccepted(request, ['text/event-stream']);
    const session = this.#sessionOf(request);
    const { lastEventId } = request;
    const last = lastEventId === '' ? undefined : parseEventId(lastEventId);
    if (lastEventId !== '' && last === undefined) throw unknownEvent();
    if (last === undefined || isServerKey(last.key)) return this.#listen(request, session, last?.n);
    const timeline = session.stream(last.key);
    if (timeline === undefined) throw unknownEvent();
    if (timeline.open) throw conflict('Conflict: Stream already has an active connection');
    return streamed(session, timeline.resume(last.n, this.#clock()), { channels: [] });
  }

  #listen(request: MockRequest, session: Session, seen: number | undefined): Answer {
    const { messages } = session;
    if (messages.open) throw conflict('Conflict: Only one SSE stream is allowed per session');
    const { 'send-retry': retry = RETRY_MS } = shapeFor(request, this.#options);
    const now = this.#clock();
    // A timer may have been a little early.
    if ((seen ?? 0) > messages.lastNumber(now) + 1) throw unknownEvent();
    const id = idOf(seen ?? messages.lastNumber(now));
    const first = canBePrimed(session) ? { id, retry, data: '' } : undefined;
    return streamed(session, messages.from(seen, now, first), {});
  }

  /** @throws TransportError 400 without a session or with a version that isn't spoken, 404 for a session that is over */
  #sessionOf({ headers }: MockRequest): Session {
    const id = headers['mcp-session-id'];
    if (id === undefined) {
      const hint = 'Mcp-Session-Id header is required: it comes with the answer to initialize';
      throw new TransportError(400, TRANSPORT_ERROR, `Bad Request: ${hint}`);
    }
    const session = this.#sessions.find(String(id));
    if (session === undefined) throw new TransportError(404, SESSION_NOT_FOUND, 'Session not found');
    const version = headers['mcp-protocol-version'];
    if (version !== undefined && !PROTOCOL_VERSIONS.some((each) => each === version)) {
      const supported = PROTOCOL_VERSIONS.join(', ');
      const text = `Bad Request: Unsupported protocol version: ${version} (supported versions: ${supported})`;
      throw new TransportError(400, TRANSPORT_ERROR, text);
    }
    return session;
  }
}

/** @param primingRetryMs the stream opens with an id to resume by, and this reconnection time */
function momentsOf(
  { told, stepMs, answer, hangUpAfter }: Outcome,
  key: string,
  primingRetryMs: number | undefined,
): Moment[] {
  const moments: Moment[] = [];
  if (primingRetryMs !== undefined) {
    moments.push({ n: 0, atMs: 0, event: { id: `${key}_0`, retry: primingRetryMs, data: '' } });
  }
  const messages = [...told, answer];
  for (const [index, sent] of messages.entries()) {
    const n = index + 1;
    const atMs = n * stepMs;
    if (sent !== undefined) {
      const event = { event: 'message', id: `${key}_${n}`, data: JSON.stringify(sent) };
      moments.push({ n, atMs, event, done: n === messages.length });
    }
    if (n === hangUpAfter) moments.push({ n, atMs });
  }
  return moments;
}

function streamed(session: Session, schedule: Schedule, details: Partial<StreamAnswer>): StreamAnswer {
  return {
    kind: 'stream',
    schedule,
    headers: { 'mcp-session-id': session.id },
    opening: false,
    retryMs: 'none',
    ...details,
  };
}

function canBePrimed({ protocolVersion }: Session): boolean {
  return protocolVersion >= PRIMING_SINCE;
}

function checkAccepted({ headers }: MockRequest, types: readonly string[]): void {
  const accepted = String(headers.accept ?? '').toLowerCase();
  if (types.every((type) => accepted.includes(type))) return;
  const needed = types.length > 1 ? `both ${types.join(' and ')}` : types.join();
  throw new TransportError(406, TRANSPORT_ERROR, `Not Acceptable: Client must accept ${needed}`);
}

function unknownEvent(): TransportError {
  return new TransportError(
    400,
    TRANSPORT_ERROR,
    'Bad Request: Last-Event-ID is none of this session, or no longer kept',
  );
}

function conflict(message: string): TransportError {
  return new TransportError(409, TRANSPORT_ERROR, message);
}
