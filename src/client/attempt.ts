import { NOTHING_PENDING } from '../sse/sink.ts';
import { type BodyEnd, BodyReader, type BodyReaderOwner } from './body-reader.ts';
import { monotonicMs } from './clock.ts';
import { type Answered, answeredOf, closeInfoOf } from './close-info.ts';
import type { Connect, ConnectHooks, Connection, SharedStreams } from './connector.ts';
import { parseContentEncoding } from './content-coding.ts';
import { endingOf, idleError } from './ending.ts';
import { ErrorBody } from './error-body.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead, ResponseHead, TransferEnd } from './exchange.ts';
import { headerValue } from './headers.ts';
import { startHttp1 } from './http1.ts';
import { IdleTimer } from './idle-timer.ts';
import { openInfoOf } from './open-info.ts';
import type { ClientReason, CloseReason, HeaderPair, Marks, Redirect } from './records.ts';
import { followRedirect, type Hop, isRedirect, urlInMessage } from './redirect.ts';
import { rejectionOf } from './rejection.ts';
import type { StreamRequest } from './request.ts';
import { requestOnWire } from './request-head.ts';
import type { StreamSink } from './stream-sink.ts';
import { refuseTransferCoding } from './transfer-coding.ts';

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

/** What the attempts of a pool have in common. */
export interface AttemptHome {
  /** The attempts that have not ended. */
  readonly underWay: Set<StreamAttempt>;
  readonly connect: Connect;
}

/** What an attempt needs until it reads a stream, which may then go on for hours. */
interface Opening {
  hop: Hop;
  readonly redirects: Redirect[];
  requestHeaders: readonly HeaderPair[];
  connecting?: { cancel(): void };
  connection?: Connection;
}

export class StreamAttempt implements Attempt, ConnectHooks, ExchangeHandler, BodyReaderOwner {
  readonly marks: Marks;
  readonly takesDirectReads = true;
  private readonly request: StreamRequest;
  private readonly start: AttemptStart;
  private readonly sink: StreamSink;
  private readonly home: AttemptHome;
  private readonly idle: IdleTimer | undefined;
  /** The server that is asked. */
  private host: string;
  private opening: Opening | undefined;
  private exchange: Exchange | undefined;
  private answered: Answered | undefined;
  private reader: BodyReader | undefined;
  private errorBody: ErrorBody | undefined;
  private paused = false;
  private backlogged = false;
  private closed = false;

  constructor(request: StreamRequest, start: AttemptStart, sink: StreamSink, home: AttemptHome) {
    this.request = request;
    this.start = start;
    this.sink = sink;
    this.home = home;
    this.marks = { planned: start.plannedAt, start: monotonicMs() };
    const { url, method, headers, body, idleTimeoutMs } = request;
    this.host = url.hostname;
    if (idleTimeoutMs > 0) this.idle = new IdleTimer(idleTimeoutMs, () => this.onIdle());
    const opening = { hop: { url, method, headers, body }, redirects: [], requestHeaders: [] };
    this.opening = opening;
    home.underWay.add(this);
    this.connect(opening);
  }

  get localAddress(): string | undefined {
    return this.start.localAddress;
  }

  get wantsChunkEnds(): boolean {
    return this.sink.chunk !== undefined;
  }

  get trace(): ((line: string) => void) | undefined {
    const { sink } = this;
    return sink.trace === undefined ? undefined : (line) => sink.trace?.(line);
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

  private connect(opening: Opening): void {
    opening.connecting = this.home.connect(opening.hop.url, this.request.connection, this);
  }

  /** The connection stands, or could not be made. */
  done(error: SseKitError | undefined, connection?: Connection): void {
    const { opening } = this;
    if (opening === undefined) connection?.socket.destroy();
    else if (connection === undefined) this.finish('connect_error', error);
    else this.send(connection, opening);
  }

  private send(connection: Connection, opening: Opening): void {
    const { sink } = this;
    opening.connection = connection;
    const { proxy } = connection.route;
    const forwarded = proxy?.mode === 'forward';
    const authorization = forwarded ? proxy.authorization : undefined;
    const { head, headers, warning } = requestOnWire(opening.hop, this.start.lastEventId, authorization);
    if (warning !== undefined) sink.warn(warning, monotonicMs());
    opening.requestHeaders = headers;
    const { url } = opening.hop;
    sink.request?.({
      method: head.method,
      target: forwarded ? url.href : `${url.pathname}${url.search}`,
      headers: [['Host', url.host], ...headers],
    });
    if (connection.shared !== undefined) return this.sendShared(connection.shared, head);
    if (connection.protocol === 'h2') return this.sendHttp2(connection, head);
    this.exchange = startHttp1(connection.socket, head, forwarded, this);
    this.applyPause();
  }

  /** node:http2 takes its time to load: only streams that speak it pay. The connection may break meanwhile. */
  private sendHttp2(connection: Connection, head: RequestHead): void {
    const onEarlyError = (cause: Error) => this.end({ kind: 'reset', cause }, monotonicMs());
    connection.socket.once('error', onEarlyError);
    import('./http2.ts')
      .then(({ startHttp2 }) => {
        if (this.closed) return;
        connection.socket.off('error', onEarlyError);
        this.exchange = startHttp2(connection, head, this);
        this.applyPause();
      })
      .catch((error: unknown) => this.onUnsendable(error));
  }

  private sendShared(streams: SharedStreams, head: RequestHead): void {
    try {
      this.exchange = streams.start(head, this);
      this.applyPause();
    } catch (error) {
      this.onUnsendable(error);
    }
  }

  private onUnsendable(error: unknown): void {
    if (error instanceof SseKitError) this.finish('protocol', error);
    else this.onDefect(error);
  }

  sent(at: number): void {
    this.marks.sent = at;
    this.idle?.start(at);
  }

  head(head: ResponseHead, at: number): void {
    if (this.closed) return;
    this.idle?.heard(at);
    const location = isRedirect(head.status) ? headerValue(head.headers, 'location') : undefined;
    if (location !== undefined && this.request.maxRedirects > 0) {
      this.redirect(head, location);
      return;
    }
    this.marks.headers = at;
    this.open(head, at);
  }

  private redirect(head: ResponseHead, location: string): void {
    const { opening } = this;
    if (opening === undefined) return;
    const { maxRedirects } = this.request;
    const from = opening.hop.url.href;
    try {
      if (opening.redirects.length >= maxRedirects) {
        throw new SseKitError('TOO_MANY_REDIRECTS', 3, `too many redirects: more than ${maxRedirects}`, {
          hint: `the last one: HTTP ${head.status} from ${urlInMessage(from)}; a loop? --max-redirs N allows more`,
        });
      }
      const { next, dropped } = followRedirect(opening.hop, head.status, location);
      opening.redirects.push({ status: head.status, from, to: next.url.href, dropped });
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
      opening.hop = next;
      this.host = next.url.hostname;
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.marks.headers = monotonicMs();
      this.answered = answeredOf(head);
      this.finish('status', error);
      return;
    }
    this.idle?.stop();
    this.exchange?.destroy();
    this.exchange = undefined;
    const { marks } = this;
    delete marks.dns;
    delete marks.tcp;
    delete marks.tls;
    this.connect(opening);
  }

  private open(head: ResponseHead, at: number): void {
    const { opening } = this;
    if (opening === undefined) return;
    const info = openInfoOf(head, opening, this.marks);
    this.answered = answeredOf(head);
    this.sink.open(info, at);
    if (this.closed) return;
    this.opening = undefined;
    const rejection = rejectionOf(info, this.request);
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
      refuseTransferCoding(head.headers);
      this.reader = new BodyReader(
        parseContentEncoding(headerValue(head.headers, 'content-encoding') ?? ''),
        { maxEventSizeBytes: this.request.maxEventSizeBytes, lastEventId: this.start.lastEventId },
        this.sink,
        this.marks,
        this,
      );
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.finish('protocol', error);
    }
  }

  data(bytes: Uint8Array, at: number, chunkEnds?: readonly number[]): void {
    if (this.closed) return;
    this.idle?.heard(at);
    this.marks.firstByte ??= at;
    try {
      if (this.errorBody !== undefined) this.errorBody.add(bytes);
      else this.reader?.data(bytes, at, chunkEnds);
    } catch (error) {
      this.onDefect(error);
    }
  }

  end(transfer: TransferEnd, at: number): void {
    if (this.closed) return;
    if (this.errorBody !== undefined) return this.errorBody.finish();
    this.idle?.stop();
    const decide = (end: BodyEnd) => {
      if (this.closed) return;
      const ending = endingOf({
        transfer,
        framing: this.answered?.framing,
        codingComplete: end.codingComplete,
        decoder: end.decoder,
        events: this.reader?.events ?? 0,
        host: this.host,
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

  failed(error: SseKitError): void {
    if (error.code === 'EVENT_TOO_LARGE') this.finish('client', error, 'error');
    else this.finish('protocol', error);
  }

  backlog(full: boolean): void {
    this.backlogged = full;
    this.applyPause();
  }

  private applyPause(): void {
    const held = this.paused || this.backlogged;
    if (this.paused) this.reader?.pause();
    else this.reader?.resume();
    if (held) {
      this.idle?.pause();
      this.exchange?.pause();
    } else {
      this.idle?.resume();
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
    this.idle?.stop();
    this.errorBody?.cancel();
    this.reader?.destroy();
    this.exchange?.destroy();
    // A connection that is under way, or that no request was sent on.
    if (this.exchange === undefined) this.opening?.connecting?.cancel();
    this.opening = undefined;
    this.home.underWay.delete(this);
    const { reader, answered, marks } = this;
    const { lastEventId } = this.start;
    const errorText = this.errorBody?.text ?? '';
    this.sink.close(
      closeInfoOf({ reason, error, by, pendingBytes, answered, reader, errorText, lastEventId, marks }),
      at,
    );
  }

  /** A defect of ours is not to be taken for a failing stream. */
  private onDefect(error: unknown): void {
    this.finish('client', undefined, 'error');
    queueMicrotask(() => {
      throw error;
    });
  }
}
