import { NOTHING_PENDING } from '../sse/sink.ts';
import { type BodyEnd, BodyReader } from './body-reader.ts';
import { monotonicMs } from './clock.ts';
import { closeInfoOf } from './close-info.ts';
import { type Connection, connect } from './connector.ts';
import { parseContentEncoding } from './content-coding.ts';
import { endingOf, idleError } from './ending.ts';
import { ErrorBody } from './error-body.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, ResponseHead, TransferEnd } from './exchange.ts';
import { headerValue } from './headers.ts';
import { startHttp1 } from './http1.ts';
import { IdleTimer } from './idle-timer.ts';
import { openInfoOf } from './open-info.ts';
import type { ClientReason, CloseReason, HeaderPair, Marks, OpenInfo, Redirect } from './records.ts';
import { followRedirect, type Hop, isRedirect, urlInMessage } from './redirect.ts';
import { rejectionOf } from './rejection.ts';
import type { StreamRequest } from './request.ts';
import { requestOnWire } from './request-head.ts';
import type { StreamSink } from './stream-sink.ts';

export interface AttemptStart {
  /** Sent as `Last-Event-ID` where not empty. */
  lastEventId: string;
  /** When the plan or the policy allowed this attempt, on the monotonic clock. */
  plannedAt: number;
  /** The address that the connection comes from; absent: the kernel chooses. */
  localAddress?: string | undefined;
}

/** One request of one stream, through redirects, until it ends; the sink hears of it. */
export interface Attempt {
  readonly marks: Readonly<Marks>;
  /** Stops reading: back-pressure reaches the server. */
  pause(): void;
  resume(): void;
  /** Leaves; the sink's `close` follows before this returns, with the reason `client`. */
  close(by: ClientReason): void;
}

export class StreamAttempt implements Attempt, ExchangeHandler {
  readonly marks: Marks;
  readonly wantsChunkEnds: boolean;
  private readonly request: StreamRequest;
  private readonly sink: StreamSink;
  private readonly lastEventId: string;
  private readonly localAddress: string | undefined;
  private readonly idle: IdleTimer;
  private readonly redirects: Redirect[] = [];
  private readonly onClosed: () => void;
  private hop: Hop;
  private requestHeaders: readonly HeaderPair[] = [];
  private connecting: { cancel(): void } | undefined;
  private connection: Connection | undefined;
  private exchange: Exchange | undefined;
  private info: OpenInfo | undefined;
  private reader: BodyReader | undefined;
  private errorBody: ErrorBody | undefined;
  private paused = false;
  private backlogged = false;
  /** A redirect is being followed: what else this hop's connection says is of no interest. */
  private leavingHop = false;
  private closed = false;

  constructor(request: StreamRequest, start: AttemptStart, sink: StreamSink, onClosed: () => void) {
    this.request = request;
    this.sink = sink;
    this.wantsChunkEnds = sink.chunk !== undefined;
    this.lastEventId = start.lastEventId;
    this.localAddress = start.localAddress;
    this.onClosed = onClosed;
    this.marks = { planned: start.plannedAt, start: monotonicMs() };
    this.hop = { url: request.url, method: request.method, headers: request.headers, body: request.body };
    this.idle = new IdleTimer(request.idleTimeoutMs, () => this.onIdle());
    this.connect();
  }

  pause(): void {
    this.paused = true;
    this.applyPause();
  }

  resume(): void {
    this.paused = false;
    this.applyPause();
  }

  close(by: ClientReason): void {
    this.finish('client', undefined, by);
  }

  private connect(): void {
    const { marks, sink } = this;
    delete marks.dns;
    delete marks.tcp;
    delete marks.tls;
    this.connecting = connect(this.hop.url, this.request.connection, {
      marks,
      localAddress: this.localAddress,
      trace: (line) => sink.trace?.(line),
      done: (error, connection) => {
        if (this.closed) connection?.socket.destroy();
        else if (connection === undefined) this.finish('connect_error', error);
        else this.send(connection);
      },
    });
  }

  private send(connection: Connection): void {
    this.connection = connection;
    const { route, socket } = connection;
    const forwarded = route.proxy?.mode === 'forward';
    const authorization = forwarded ? route.proxy?.authorization : undefined;
    const { head, headers, warning } = requestOnWire(this.hop, this.lastEventId, authorization);
    if (warning !== undefined) this.sink.warn(warning, monotonicMs());
    this.requestHeaders = headers;
    const { url } = this.hop;
    this.sink.request?.({
      method: head.method,
      target: forwarded ? url.href : `${url.pathname}${url.search}`,
      headers: [['Host', url.host], ...this.requestHeaders],
    });
    if (connection.protocol === 'h1') {
      this.exchange = startHttp1(socket, head, forwarded, this);
      this.applyPause();
      return;
    }
    // node:http2 takes its time to load: only streams that speak it pay. The connection may break meanwhile.
    const onEarlyError = (cause: Error) => this.end({ kind: 'reset', cause }, monotonicMs());
    socket.once('error', onEarlyError);
    import('./http2.ts')
      .then(({ startHttp2 }) => {
        if (this.closed) return;
        socket.off('error', onEarlyError);
        this.exchange = startHttp2(connection, head, this);
        this.applyPause();
      })
      .catch((error: unknown) => {
        if (error instanceof SseKitError) this.finish('protocol', error);
        else this.onDefect(error);
      });
  }

  sent(at: number): void {
    this.marks.sent = at;
    this.idle.start(at);
  }

  head(head: ResponseHead, at: number): void {
    if (this.closed) return;
    this.idle.heard(at);
    const location = isRedirect(head.status) ? headerValue(head.headers, 'location') : undefined;
    if (location !== undefined && this.request.maxRedirects > 0) {
      // The answer is still being parsed: its connection is dropped when that is done, unheard from now on.
      this.leavingHop = true;
      setImmediate(() => this.redirect(head, location));
      return;
    }
    this.marks.headers = at;
    this.open(head, at);
  }

  private redirect(head: ResponseHead, location: string): void {
    if (this.closed) return;
    const { maxRedirects } = this.request;
    const from = this.hop.url.href;
    try {
      if (this.redirects.length >= maxRedirects) {
        throw new SseKitError('TOO_MANY_REDIRECTS', 3, `too many redirects: more than ${maxRedirects}`, {
          hint: `the last one: HTTP ${head.status} from ${urlInMessage(from)}; a loop? --max-redirs N allows more`,
        });
      }
      const { next, dropped } = followRedirect(this.hop, head.status, location);
      this.redirects.push({ status: head.status, from, to: next.url.href, dropped });
      this.sink.trace?.(`HTTP ${head.status}: redirected to ${next.url.origin}`);
      if (dropped.length > 0) {
        this.sink.warn(
          {
            code: 'credentials-dropped',
            message: `not sent on to another origin (${next.url.origin}): ${dropped.join(', ')}`,
          },
          monotonicMs(),
        );
      }
      this.hop = next;
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.marks.headers = monotonicMs();
      this.info = this.describe(head);
      this.finish('status', error);
      return;
    }
    this.idle.stop();
    this.exchange?.destroy();
    this.exchange = undefined;
    this.leavingHop = false;
    this.connect();
  }

  private describe(head: ResponseHead): OpenInfo {
    return openInfoOf(head, {
      url: this.hop.url.href,
      method: this.hop.method,
      requestHeaders: this.requestHeaders,
      redirects: this.redirects,
      marks: this.marks,
      connection: this.connection,
    });
  }

  private open(head: ResponseHead, at: number): void {
    const info = this.describe(head);
    this.info = info;
    this.sink.open(info, at);
    if (this.closed) return;
    const rejection = rejectionOf(info);
    if (rejection === undefined) {
      this.startReading(head);
      return;
    }
    if (rejection.reason === 'no_content' || head.status === 304) {
      this.finish(rejection.reason, rejection.error);
      return;
    }
    this.errorBody = new ErrorBody(() => this.finish(rejection.reason, rejection.error));
  }

  private startReading(head: ResponseHead): void {
    if (head.status !== 200) {
      this.sink.warn(
        { code: 'status-201', message: "201 to a POST: a browser's EventSource would refuse it" },
        monotonicMs(),
      );
    }
    try {
      this.reader = new BodyReader(
        parseContentEncoding(headerValue(head.headers, 'content-encoding') ?? ''),
        { maxEventSizeBytes: this.request.maxEventSizeBytes, lastEventId: this.lastEventId },
        this.sink,
        this.marks,
        {
          failed: (error) => this.finishReadError(error),
          backlog: (full) => {
            this.backlogged = full;
            this.applyPause();
          },
        },
      );
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.finish('protocol', error);
    }
  }

  data(bytes: Uint8Array, at: number, chunkEnds?: readonly number[]): void {
    if (this.closed || this.leavingHop) return;
    this.idle.heard(at);
    this.marks.firstByte ??= at;
    try {
      if (this.errorBody !== undefined) this.errorBody.add(bytes);
      else this.reader?.data(bytes, at, chunkEnds);
    } catch (error) {
      this.onDefect(error);
    }
  }

  end(transfer: TransferEnd, at: number): void {
    if (this.closed || this.leavingHop) return;
    if (this.errorBody !== undefined) return this.errorBody.finish();
    this.idle.stop();
    const decide = (end: BodyEnd) => {
      if (this.closed) return;
      const ending = endingOf({
        transfer,
        framing: this.info?.framing,
        codingComplete: end.codingComplete,
        decoder: end.decoder,
        events: this.reader?.events ?? 0,
        host: this.hop.url.hostname,
      });
      this.finish(ending.reason, ending.error, undefined, at, end.decoder.pendingBytes);
    };
    if (this.reader === undefined) decide({ decoder: NOTHING_PENDING, codingComplete: true });
    else this.reader.end(decide);
  }

  private onIdle(): void {
    const { idleTimeoutMs } = this.request;
    this.finish('idle', idleError(idleTimeoutMs, this.marks.headers !== undefined));
  }

  private finishReadError(error: SseKitError): void {
    if (error.code === 'EVENT_TOO_LARGE') this.finish('client', error, 'error');
    else this.finish('protocol', error);
  }

  private applyPause(): void {
    const held = this.paused || this.backlogged;
    if (this.paused) this.reader?.pause();
    else this.reader?.resume();
    if (held) {
      this.idle.pause();
      this.exchange?.pause();
    } else {
      this.idle.resume();
      this.exchange?.resume();
    }
  }

  private finish(
    reason: CloseReason,
    error: SseKitError | undefined,
    by?: ClientReason,
    at = monotonicMs(),
    pendingBytes = 0,
  ): void {
    if (this.closed) return;
    this.closed = true;
    this.marks.end = at;
    this.idle.stop();
    this.errorBody?.cancel();
    this.connecting?.cancel();
    this.reader?.destroy();
    this.exchange?.destroy();
    if (this.exchange === undefined) this.connection?.socket.destroy();
    this.onClosed();
    const { reader, info, marks, lastEventId } = this;
    const errorText = this.errorBody?.text ?? '';
    this.sink.close(
      closeInfoOf({ reason, error, by, pendingBytes, info, reader, errorText, lastEventId, marks }),
      at,
    );
  }

  /** A defect of ours must not be taken for a failing stream, as a throw inside undici's callbacks would be. */
  private readonly onDefect = (error: unknown): void => {
    this.finish('client', undefined, 'error');
    queueMicrotask(() => {
      throw error;
    });
  };
}
