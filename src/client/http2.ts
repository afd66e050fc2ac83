import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { monotonicMs } from './clock.ts';
import type { Connection } from './connector.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead, TransferEnd } from './exchange.ts';
import { codeOf } from './failures.ts';
import { headerText } from './headers.ts';
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

/** Receive window of a stream: what a reader that pauses lets the server send ahead. */
const WINDOW_BYTES = 256 * 1024;

/**
 * Sends a request as the only stream of a fresh HTTP/2 connection.
 *
 * @throws SseKitError `REQUEST_INVALID` (exit 2) for headers that HTTP/2 has no place for
 */
export function startHttp2(
  { socket, tcp }: Pick<Connection, 'socket' | 'tcp'>,
  request: RequestHead,
  handler: ExchangeHandler,
): Exchange {
  return new Http2Exchange(socket, tcp, request, handler);
}

class Http2Exchange implements Exchange {
  private readonly session: ClientHttp2Session;
  private readonly stream: ClientHttp2Stream;
  private readonly socket: Socket;
  private readonly tcp: Socket;
  private readonly handler: ExchangeHandler;
  private answered = false;
  private over = false;
  private peerEnded = false;
  /** When END_STREAM was read, and when the connection's end or failure was noticed. */
  private endedAt: number | undefined;
  private goneAt: number | undefined;
  /** Time of the socket read whose frames are being handed over. */
  private readAt: number | undefined;
  private failure: Error | undefined;
  /** Code of a GOAWAY that was no graceful one: Node ends the connection on it. */
  private goawayCode = 0;

  constructor(socket: Socket, tcp: Socket, request: RequestHead, handler: ExchangeHandler) {
    this.socket = socket;
    this.tcp = tcp;
    this.handler = handler;
    socket.on('error', (error) => {
      this.failure ??= error;
      this.goneAt ??= monotonicMs();
    });
    socket.on('end', () => this.onPeerEnd());
    this.session = connect(request.url.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES },
    });
    this.session.on('error', (error) => {
      this.failure ??= error;
    });
    this.session.on('goaway', (code: number) => {
      this.goawayCode = code;
    });
    this.stream = openStream(this.session, request);
    if (request.body !== undefined) this.stream.end(request.body);
    this.listen();
    // An end that came before the session took over the socket was told to nobody, or is only to somebody who reads.
    setImmediate(() => {
      if (this.over) return;
      if (socket.readableEnded) this.onPeerEnd();
      else if (socket.readableLength === 0) socket.read(0);
    });
  }

  private listen(): void {
    const { stream, handler } = this;
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
        this.timeOfRead(),
      );
    });
    stream.on('data', (bytes: Buffer) => {
      if (!this.over) handler.data(bytes, this.timeOfRead());
    });
    stream.on('error', (error) => {
      this.failure ??= error;
    });
    stream.on('end', () => {
      this.endedAt = this.timeOfRead();
    });
    stream.on('close', () => this.finish(this.ending()));
  }

  /** Node tells of each frame, not of the read that brought several; they come within one turn of the event loop. */
  private timeOfRead(): number {
    if (this.readAt === undefined) {
      this.readAt = monotonicMs();
      setImmediate(() => {
        this.readAt = undefined;
      });
    }
    return this.readAt;
  }

  /**
   * The peer ended the connection. On a half-open socket Node does nothing about it; and as in HTTP/1.1 only a
   * write tells whether it was a FIN, or a RST that came together with data. The session owns its socket, so the
   * write goes to the TCP connection below TLS, and only while nothing waits to be sent: then the kernel takes or
   * refuses it at once, and neither TLS nor the session hears of it (one that did would abort the process).
   */
  private onPeerEnd(): void {
    if (this.peerEnded) return;
    this.peerEnded = true;
    this.goneAt ??= monotonicMs();
    if (this.over || this.tcp.destroyed) return;
    if (this.stream.writableLength > 0 || this.tcp.writableLength > 0) return this.finishWhenRead();
    this.tcp.write('\r\n', (error) => {
      if (error) this.failure ??= error;
      this.finishWhenRead();
    });
  }

  private finishWhenRead(): void {
    const { stream } = this;
    // A stream that ended before its connection says so itself, by 'close'.
    if (this.over || stream.readableEnded) return;
    // What a pause holds back is handed over first.
    if (stream.readableLength > 0) stream.once('data', () => setImmediate(() => this.finishWhenRead()));
    else this.finish(this.ending());
  }

  /** END_STREAM alone is a whole transfer; RST_STREAM with any code but NO_ERROR is a reset (RFC 9113 §8.1). */
  private ending(): TransferEnd {
    const { rstCode } = this.stream;
    if (this.goawayCode !== 0) {
      return { kind: 'reset', ...this.cause(), detail: `GOAWAY with ${codeName(this.goawayCode)}` };
    }
    if (codeOf(this.failure) === 'ECONNRESET' || codeOf(this.failure) === 'EPIPE') {
      return { kind: 'reset', ...this.cause() };
    }
    if (this.failure !== undefined && codeOf(this.failure) !== 'ERR_HTTP2_STREAM_ERROR') {
      return { kind: 'protocol', cause: this.failure };
    }
    const clean = rstCode === constants.NGHTTP2_NO_ERROR;
    // Node closes the streams of a connection that ended with CANCEL, as a server's RST_STREAM may.
    if (this.peerEnded && !(clean && this.stream.readableEnded)) {
      return { kind: 'unfinished', answered: this.answered };
    }
    if (clean) return this.answered ? { kind: 'complete' } : { kind: 'unfinished', answered: false };
    return { kind: 'reset', ...this.cause(), detail: `RST_STREAM with ${codeName(rstCode ?? 0)}` };
  }

  private cause(): { cause?: Error } {
    return this.failure === undefined ? {} : { cause: this.failure };
  }

  private finish(end: TransferEnd): void {
    if (this.over) return;
    const at = this.goneAt ?? this.endedAt ?? monotonicMs();
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
    this.session.destroy();
    this.socket.destroy();
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

function codeName(code: number): string {
  const name = Object.entries(constants).find(
    ([key, value]) =>
      key.startsWith('NGHTTP2_') && !key.startsWith('NGHTTP2_ERR_') && value === code && H2_CODE.test(key),
  )?.[0];
  return name === undefined ? `code ${code}` : name.replace('NGHTTP2_', '');
}

/** The error codes of RFC 9113 §7, among Node's many constants. */
const H2_CODE =
  /^NGHTTP2_(NO_ERROR|PROTOCOL_ERROR|INTERNAL_ERROR|FLOW_CONTROL_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED|FRAME_SIZE_ERROR|REFUSED_STREAM|CANCEL|COMPRESSION_ERROR|CONNECT_ERROR|ENHANCE_YOUR_CALM|INADEQUATE_SECURITY|HTTP_1_1_REQUIRED)$/;
