import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import { LINGER_MS } from '../wire/reader-patience.ts';
import type { Exchange } from './incoming.ts';
import { type Malformed, malformedRequest } from './malformed.ts';

export interface Arrivals {
  exchange(exchange: Exchange): void;
  malformed(malformed: Malformed): void;
}

/** Requests that may wait on a connection for the answers before theirs. */
const MAX_PIPELINED = 100;

/**
 * HTTP/1.1 and 1.0 on connections that are handed over to it. Its `net` is what listens, as `node:http` keeps its list
 * of connections only for a server that does.
 */
export class Http1Server {
  readonly net: Server;
  readonly #arrivals: Arrivals;
  readonly #serve: (this: Server, socket: Socket) => void;
  /** Of those under TLS. */
  readonly #raw = new WeakMap<Socket, Socket>();
  /** The last one of each connection, which tells whether something is being answered. */
  readonly #responses = new WeakMap<Socket, ServerResponse>();
  readonly #waiting = new WeakMap<Socket, number>();

  /** @param headTimeoutMs that the head of a request may take: else open connections would be for nothing */
  constructor(headTimeoutMs: number, arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.net = createServer({
      headersTimeout: headTimeoutMs,
      connectionsCheckingInterval: headTimeoutMs / 2,
      // A body may take its time, as a stream does: whoever reads it says how long.
      requestTimeout: 0,
      noDelay: true,
      // Said here, in words.
      requireHostHeader: false,
    });
    const [serve] = this.net.listeners('connection');
    if (serve === undefined) throw new Error('node:http no longer listens for connections');
    this.#serve = serve as (this: Server, socket: Socket) => void;
    // Connections come through `accept`, the way that they were accepted by whoever listens for them.
    this.net.removeAllListeners('connection');
    this.net.on('request', (request, response) => this.#arrived(request, response));
    this.net.on('clientError', (error, socket) => this.#failed(error, socket as Socket));
    this.net.on('connect', (_request, socket) => {
      // `node:http` has let go of the connection.
      socket.on('error', () => {});
      this.#refuse(socket as Socket, { status: 405, message: 'CONNECT: this server is no proxy' });
    });
    this.net.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      response.shouldKeepAlive = false;
      answerRefusal(response, 417, `Expect: ${request.headers.expect} is not understood`);
    });
  }

  /** @param raw the TCP connection: the socket, or what is below its TLS */
  accept(socket: Socket, raw: Socket): void {
    if (socket !== raw) this.#raw.set(socket, raw);
    this.#serve.call(this.net, socket);
  }

  #arrived(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.#responses.set(socket, response);
    const exchange = { request, response, socket, raw: this.#raw.get(socket) ?? socket };
    if (response.socket !== null) this.#take(exchange);
    else this.#wait(exchange);
  }

  #take(exchange: Exchange & { response: ServerResponse }): void {
    const { request, response } = exchange;
    const hosts = hostsOf(request);
    // RFC 9112, section 3.2. HTTP/1.0 knows no Host; two of them are two opinions there, too.
    if (hosts === 1 || (hosts === 0 && request.httpVersion === '1.0')) {
      this.#arrivals.exchange(exchange);
      return;
    }
    const [needed, came] =
      hosts === 0
        ? ['a request of HTTP/1.1 needs a Host header', 'a request of HTTP/1.1 came without a Host header']
        : ['a request has one Host header, not several', `a request came with ${hosts} Host headers`];
    response.shouldKeepAlive = false;
    answerRefusal(response, 400, needed);
    this.#arrivals.malformed({ status: 400, message: came });
  }

  /** A request that came before the one in front of it was answered. Answers leave in the order of their requests. */
  #wait(exchange: Exchange & { response: ServerResponse }): void {
    const { socket, response, raw } = exchange;
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    this.#waiting.set(socket, waiting);
    if (waiting > MAX_PIPELINED) {
      if (!raw.destroyed) {
        const message = `a client sent ${MAX_PIPELINED} requests and more without waiting for an answer`;
        this.#arrivals.malformed({ message });
      }
      raw.destroy();
      return;
    }
    response.once('socket', () => {
      this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
      this.#take(exchange);
    });
  }

  /** The connection broke, or what came on it can't be read. */
  #failed(error: Error, socket: Socket): void {
    // What still comes on a connection that has had its refusal.
    if (socket.writableEnded && !socket.destroyed) return;
    const malformed = malformedRequest(error);
    if (malformed === undefined) socket.destroy();
    else this.#refuse(socket, malformed);
  }

  #refuse(socket: Socket, { status, ...told }: Malformed): void {
    const last = this.#responses.get(socket);
    const waiting = last !== undefined && !last.writableFinished;
    // An answer in another answer would be taken for a part of it. One without a socket waits for those before it.
    const answering = waiting && (last.headersSent || last.socket === null);
    if (status === undefined || answering || !socket.writable) {
      socket.destroy();
      this.#arrivals.malformed(told);
    } else {
      endWithRefusal(socket, status, told.message);
      this.#arrivals.malformed({ status, ...told });
    }
  }
}

/** `headers` has the first of them only. */
function hostsOf({ rawHeaders }: { rawHeaders: readonly string[] }): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

function answerRefusal(response: ServerResponse, status: number, message: string): void {
  const body = refusalBody(message);
  response.writeHead(status, refusalHeaders(body));
  response.end(body);
}

/** Answers without `node:http`, ends our half of the connection and reads on, as unread bytes would reset it. */
function endWithRefusal(socket: Socket, status: number, message: string): void {
  const body = refusalBody(message);
  const lines = Object.entries({ ...refusalHeaders(body), Connection: 'close' })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`);
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cut));
}

function refusalHeaders(body: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Content-Length': String(Buffer.byteLength(body)),
  };
}

function refusalBody(message: string): string {
  return `${JSON.stringify({ error: message })}\n`;
}
