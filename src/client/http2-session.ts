import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { monotonicMs } from './clock.ts';
import type { Connection } from './connector.ts';
import type { Exchange, ExchangeHandler, RequestHead, TransferEnd } from './exchange.ts';
import { connectionEnd } from './http2-ending.ts';
import { Http2Exchange } from './http2-exchange.ts';

/** Receive window of a stream: what a reader that pauses lets the server send ahead. */
const WINDOW_BYTES = 256 * 1024;

/** The largest there is (RFC 9113 §6.9.1). */
const MAX_WINDOW_BYTES = 2 ** 31 - 1;

/** What Node allows a session unless told otherwise, in megabytes, and streams that add one to it. */
const SESSION_MEGABYTES = 10;
const STREAMS_PER_MEGABYTE = 100;

/** What whoever owns a session needs to know of it. */
export interface SessionOwner {
  /** The peer's settings came, for the first time or anew. */
  settled?(): void;
  /** The peer wants no further streams; those under way go on. */
  draining?(): void;
  /** The connection is gone: how a stream ends that had not started yet. */
  lost?(end: TransferEnd): void;
  /** A stream left. */
  left(): void;
}

/** An HTTP/2 connection and the streams on it. */
export class Http2Session {
  readonly socket: Socket;
  readonly tcp: Socket;
  /** The peer ended its side of the connection. */
  peerEnded = false;
  /** When the connection's end or failure was noticed. */
  goneAt: number | undefined;
  /** Code of a GOAWAY that was no graceful one: Node ends the connection on it. */
  goawayCode = 0;
  /** Streams above this one were not taken by a peer that wants no more of them. */
  lastTaken = Number.POSITIVE_INFINITY;
  private readonly session: ClientHttp2Session;
  private readonly owner: SessionOwner;
  private readonly exchanges = new Set<Http2Exchange>();
  private failure: Error | undefined;
  private over = false;
  private takesStreams = true;
  private isLost = false;
  private settingsCame = false;
  /** Time of the socket read whose frames are being handed over. */
  private readAt: number | undefined;

  /**
   * @param origin of the requests that will go here
   * @param streams at most, at a time
   */
  constructor(
    { socket, tcp }: Pick<Connection, 'socket' | 'tcp'>,
    origin: string,
    streams: number,
    owner: SessionOwner,
  ) {
    this.socket = socket;
    this.tcp = tcp;
    this.owner = owner;
    socket.on('error', (error) => {
      this.goneAt ??= monotonicMs();
      this.fail(error);
    });
    socket.on('end', () => this.onPeerEnd());
    this.session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES },
      maxSessionMemory: SESSION_MEGABYTES + Math.ceil(streams / STREAMS_PER_MEGABYTE),
    });
    // One reader that pauses is not to hold up the others.
    if (streams > 1) this.session.setLocalWindowSize(Math.min(MAX_WINDOW_BYTES, streams * WINDOW_BYTES));
    this.session.on('error', (error) => this.fail(error));
    this.session.on('close', () => this.lose());
    this.session.on('goaway', (code: number, lastStreamId: number) => {
      this.goawayCode = code;
      this.lastTaken = lastStreamId;
      this.takesStreams = false;
      // Node ends the session on any other, which then says so itself.
      if (code === constants.NGHTTP2_NO_ERROR) owner.draining?.();
    });
    this.session.on('remoteSettings', () => {
      this.settingsCame = true;
      owner.settled?.();
    });
    // An end that came before the session took over the socket was told to nobody, or is only to somebody who reads.
    setImmediate(() => {
      if (this.over) return;
      if (socket.readableEnded) this.onPeerEnd();
      else if (socket.readableLength === 0) socket.read(0);
    });
  }

  /** Whether a stream may start here. */
  get accepting(): boolean {
    return this.takesStreams && !this.over && !this.session.destroyed;
  }

  /** Streams at a time that the peer allows; `undefined` until it has said so (RFC 9113 §5.1.2). */
  get allowed(): number | undefined {
    return this.settingsCame ? this.session.remoteSettings.maxConcurrentStreams : undefined;
  }

  /** @throws SseKitError `REQUEST_INVALID` (exit 2) for headers that HTTP/2 has no place for */
  start(request: RequestHead, handler: ExchangeHandler): Exchange {
    const exchange = new Http2Exchange(this, this.session, request, handler);
    this.exchanges.add(exchange);
    return exchange;
  }

  left(exchange: Http2Exchange): void {
    if (this.exchanges.delete(exchange)) this.owner.left();
  }

  /** Node tells of each frame, not of the read that brought several; they come within one turn of the event loop. */
  timeOfRead(): number {
    if (this.readAt === undefined) {
      this.readAt = monotonicMs();
      setImmediate(() => {
        this.readAt = undefined;
      });
    }
    return this.readAt;
  }

  destroy(): void {
    if (this.over) return;
    this.over = true;
    this.session.destroy();
    this.socket.destroy();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const exchange of this.exchanges) exchange.failed(error);
    this.lose();
  }

  private lose(): void {
    if (this.over || this.isLost) return;
    this.isLost = true;
    this.takesStreams = false;
    const end = connectionEnd(this, this.failure, false) ?? { kind: 'unfinished', answered: false };
    this.owner.lost?.(end);
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
    this.takesStreams = false;
    if (this.over || this.tcp.destroyed) return;
    const all = [...this.exchanges];
    if (this.tcp.writableLength > 0 || all.some((each) => each.hasUnsent)) return this.finishWhenRead();
    this.tcp.write('\r\n', (error) => {
      if (error) this.fail(error);
      this.finishWhenRead();
    });
  }

  private finishWhenRead(): void {
    this.lose();
    for (const exchange of [...this.exchanges]) exchange.finishWhenRead();
  }
}
