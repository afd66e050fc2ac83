import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { Socket } from 'node:net';
import { LINGER_MS } from '../wire/reader-patience.ts';
import type { Arrivals } from './http1-server.ts';
import { brokenHttp2 } from './malformed.ts';

/** Newer than the oldest Node that is supported: there a client may cancel 1,000 at once, and 33 each second. */
interface Bounds extends ServerOptions {
  /** Streams that a client may cancel at once, and each second (CVE-2023-44487 is about no bound at all). */
  streamResetBurst: number;
  streamResetRate: number;
}

/** Node's own bounds are for servers of pages: thousands of streams may share a connection here. */
const BOUNDS: Bounds = {
  settings: { maxConcurrentStreams: 100_000 },
  /** MB that a connection may hold, of requests, headers and what waits. */
  maxSessionMemory: 512,
  streamResetBurst: 100_000,
  streamResetRate: 10_000,
};

interface Connection {
  socket: Socket;
  raw: Socket;
  /** Streams that are open. */
  streams: number;
  /** Runs while there are none. */
  idle: NodeJS.Timeout | undefined;
  /** What had been written to it at the last check. */
  writtenBytes: number;
}

/** HTTP/2 on connections that are handed over to it. */
export class Http2Server {
  readonly #server = createServer(BOUNDS);
  readonly #arrivals: Arrivals;
  readonly #idleMs: number;
  readonly #connections = new Map<Http2Session, Connection>();
  /** Runs while there are connections. */
  #checking: NodeJS.Timeout | undefined;
  #arriving: Pick<Connection, 'socket' | 'raw'> | undefined;

  /** @param idleMs that a connection is kept without a stream, or with something to send that it does not take */
  constructor(idleMs: number, arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.#idleMs = idleMs;
    this.#server.on('session', (session) => this.#opened(session));
    this.#server.on('request', (request, response) => this.#arrived(request, response));
    // Every error of a session: it ends by itself.
    this.#server.on('sessionError', (error) => {
      const malformed = brokenHttp2(error);
      if (malformed !== undefined) this.#arrivals.malformed(malformed);
    });
  }

  /** @param raw the TCP connection: the socket, or what is below its TLS */
  accept(socket: Socket, raw: Socket): void {
    // The other half would stay open: HTTP/1.1, which accepted the connection, ends it by itself.
    socket.once('end', () => raw.destroy());
    this.#arriving = { socket, raw };
    // It tells of the session before it returns.
    this.#server.emit('connection', socket);
    this.#arriving = undefined;
  }

  /** Tells clients to open no more streams (GOAWAY); connections end when their last one has. */
  close(): void {
    for (const session of this.#connections.keys()) session.close();
  }

  closeAll(): void {
    for (const [session, { raw }] of this.#connections) {
      session.destroy();
      raw.destroy();
    }
  }

  #opened(session: Http2Session): void {
    if (this.#arriving === undefined) return;
    const connection: Connection = { ...this.#arriving, streams: 0, idle: undefined, writtenBytes: -1 };
    this.#connections.set(session, connection);
    this.#checking ??= setInterval(() => this.#check(), this.#idleMs);
    this.#waitForStream(session, connection);
    session.once('close', () => {
      clearTimeout(connection.idle);
      this.#connections.delete(session);
      if (this.#connections.size > 0) return;
      clearInterval(this.#checking);
      this.#checking = undefined;
    });
  }

  #arrived(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { session } = request.stream;
    const connection = session === undefined ? undefined : this.#connections.get(session);
    if (session === undefined || connection === undefined) return;
    connection.streams += 1;
    clearTimeout(connection.idle);
    response.once('close', () => {
      connection.streams -= 1;
      if (connection.streams === 0 && !session.destroyed) this.#waitForStream(session, connection);
    });
    const { socket, raw } = connection;
    const { stream } = request;
    if (!stream.endAfterHeaders) stream.once('finish', () => this.#waitForRequest(stream));
    this.#arrivals.exchange({ request, response, socket, raw });
  }

  /** Behind an answer that came before the end of its request: its stream would stay for as long as that is to come. */
  #waitForRequest(stream: ServerHttp2Stream): void {
    if (stream.destroyed || stream.readableEnded) return;
    // RFC 9113, section 8.1: the answer is whole, and the rest of the request is of no use.
    const giveUp = setTimeout(() => stream.close(), this.#idleMs);
    stream.once('end', () => clearTimeout(giveUp));
    stream.once('close', () => clearTimeout(giveUp));
  }

  #waitForStream(session: Http2Session, connection: Connection): void {
    connection.idle = setTimeout(() => {
      session.close();
      // It waits for the other side to end, too.
      connection.idle = setTimeout(() => connection.raw.destroy(), LINGER_MS);
    }, this.#idleMs);
  }

  /**
   * A client that broke the rules has been told so, and Node then neither reads nor writes: it would not notice that
   * the client left. A PING stays unsent on such a connection.
   */
  #check(): void {
    for (const [session, connection] of this.#connections) {
      const { bytesWritten } = connection.raw;
      const waiting = (session.state.outboundQueueSize ?? 0) > 0;
      if (waiting && bytesWritten === connection.writtenBytes) connection.raw.destroy();
      else {
        connection.writtenBytes = bytesWritten;
        if (!session.destroyed) session.ping(() => {});
      }
    }
  }
}
