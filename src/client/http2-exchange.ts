import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { monotonicMs } from './clock.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead, TransferEnd } from './exchange.ts';
import { headerText } from './headers.ts';
import { codeName, connectionEnd } from './http2-ending.ts';
import type { Http2Session } from './http2-session.ts';
import type { HeaderPair } from './records.ts';

/** Connection-level headers, which HTTP/2 forbids (RFC 9113 §8.2.2), and Host, which is `:authority` here. */
const NOT_IN_HTTP2 = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'host',
]);

/** One request, and its answer, on an HTTP/2 connection. */
export class Http2Exchange implements Exchange {
  private readonly session: Http2Session;
  private readonly stream: ClientHttp2Stream;
  private readonly handler: ExchangeHandler;
  private answered = false;
  private over = false;
  /** When END_STREAM was read. */
  private endedAt: number | undefined;
  /** What went wrong first, with the stream or its connection. */
  private failure: Error | undefined;

  /** @throws SseKitError `REQUEST_INVALID` (exit 2) for headers that HTTP/2 has no place for */
  constructor(
    session: Http2Session,
    node: ClientHttp2Session,
    request: RequestHead,
    handler: ExchangeHandler,
  ) {
    this.session = session;
    this.handler = handler;
    this.stream = openStream(node, request);
    if (request.body !== undefined) this.stream.end(request.body);
    this.listen();
  }

  /** Something waits to be sent. */
  get hasUnsent(): boolean {
    return this.stream.writableLength > 0;
  }

  private listen(): void {
    const { stream, handler, session } = this;
    // On a connection that stands the request has been handed over by now, and 'ready' is past.
    if (stream.pending) stream.once('ready', () => handler.sent(monotonicMs()));
    else handler.sent(monotonicMs());
    stream.on('response', (headers, _flags, raw?: string[]) => {
      if (this.over) return;
      this.answered = true;
      const list = pairs(raw ?? []);
      handler.head(
        {
          status: Number(headers[constants.HTTP2_HEADER_STATUS]),
          statusText: '',
          headers: list,
          http: '2',
          framing: 'h2',
        },
        session.timeOfRead(),
      );
    });
    stream.on('data', (bytes: Buffer) => {
      if (!this.over) handler.data(bytes, session.timeOfRead());
    });
    stream.on('error', (error) => {
      this.failure ??= error;
    });
    stream.on('end', () => {
      this.endedAt = session.timeOfRead();
    });
    stream.on('close', () => this.finish(this.ending()));
  }

  /** The connection failed. */
  failed(error: Error): void {
    this.failure ??= error;
  }

  /** The peer ended the connection, and nothing more comes. */
  finishWhenRead(): void {
    const { stream } = this;
    // A stream that ended before its connection says so itself, by 'close'.
    if (this.over || stream.readableEnded) return;
    // What a pause holds back is handed over first.
    if (stream.readableLength > 0) stream.once('data', () => setImmediate(() => this.finishWhenRead()));
    else this.finish(this.ending());
  }

  /** END_STREAM alone is a whole transfer; RST_STREAM with any code but NO_ERROR is a reset (RFC 9113 §8.1). */
  private ending(): TransferEnd {
    const { session, stream, failure, answered } = this;
    const clean = stream.rstCode === constants.NGHTTP2_NO_ERROR;
    const end = connectionEnd(session, failure, answered);
    // Node closes the streams of a connection that ended with CANCEL, as a server's RST_STREAM may.
    if (end !== undefined && !(end.kind === 'unfinished' && clean && stream.readableEnded)) return end;
    if (clean) return answered ? { kind: 'complete' } : { kind: 'unfinished', answered: false };
    const detail =
      (stream.id ?? 0) > session.lastTaken
        ? 'GOAWAY without having taken it'
        : `RST_STREAM with ${codeName(stream.rstCode ?? 0)}`;
    return { kind: 'reset', ...(failure === undefined ? {} : { cause: failure }), detail };
  }

  private finish(end: TransferEnd): void {
    if (this.over) return;
    const at = this.session.goneAt ?? this.endedAt ?? monotonicMs();
    this.release();
    this.handler.end(end, at);
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  destroy(): void {
    if (!this.over) this.release();
  }

  private release(): void {
    this.over = true;
    if (!this.stream.closed) this.stream.close(constants.NGHTTP2_CANCEL);
    this.session.left(this);
  }
}

function openStream(session: ClientHttp2Session, request: RequestHead): ClientHttp2Stream {
  try {
    return session.request(headersOf(request), { endStream: request.body === undefined });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SseKitError('REQUEST_INVALID', 2, `the request can't be sent over HTTP/2: ${reason}`, {
      hint: 'leave the header out, or ask for --http1.1',
      cause,
    });
  }
}

function headersOf(request: RequestHead): OutgoingHttpHeaders {
  const { url } = request;
  const host = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const headers: OutgoingHttpHeaders = {
    ':method': request.method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': host ?? url.host,
    ':path': `${url.pathname}${url.search}`,
  };
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    if (NOT_IN_HTTP2.has(key)) continue;
    const before = headers[key];
    if (before === undefined) headers[key] = value;
    // Node refuses two values for the names that it knows as single.
    else headers[key] = key === 'cookie' ? `${String(before)}; ${value}` : [before, value].flat().map(String);
  }
  return headers;
}

function pairs(raw: string[]): HeaderPair[] {
  const headers: HeaderPair[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (!name.startsWith(':')) headers.push([name, headerText(raw[i + 1] ?? '')]);
  }
  return headers;
}
