import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import Client, { type DispatchHandler } from 'undici/lib/dispatcher/client.js';
import { ChunkFraming } from './chunk-framing.ts';
import { monotonicMs } from './clock.ts';
import type { Exchange, ExchangeHandler, RequestHead, ResponseHead, TransferEnd } from './exchange.ts';
import { codeOf } from './failures.ts';
import { headerText, headerValue } from './headers.ts';
import type { Framing, HeaderPair } from './records.ts';

/** All response headers together, as curl has it; beyond that the answer is an error, not a reason to grow. */
const MAX_HEADER_BYTES = 300 * 1024;

const HTTP_1_0 = 'HTTP/1.0';

/**
 * Sends a request over HTTP/1.1 on a fresh connection, with undici's parser and writer and our own eyes on the
 * socket, because undici hides what matters here: a reset of a body that the connection's end delimits counts as
 * its end there, and libuv reports a RST that arrives in the same poll as data as a plain end.
 *
 * @param forwarded the request goes to a proxy: the request line carries the whole URL (RFC 9112 §3.2.2)
 */
export function startHttp1(
  socket: Socket,
  request: RequestHead,
  forwarded: boolean,
  handler: ExchangeHandler,
): Exchange {
  const exchange = new Http1Exchange(socket, handler);
  exchange.dispatch(request, forwarded);
  return exchange;
}

class Http1Exchange implements Exchange, DispatchHandler {
  private client: Client | undefined;
  private readonly socket: Socket;
  private readonly handler: ExchangeHandler;
  /** Time of the socket read whose bytes are being handed over; of the connection before the first. */
  private readAt = monotonicMs();
  /** When the connection's end or failure was noticed. */
  private goneAt: number | undefined;
  private version: '1.0' | '1.1' = '1.1';
  /** The first bytes of the answer: its protocol and version. */
  private protocol = '';
  private framing: Framing | undefined;
  /** Where chunks end, which undici does not tell; only where somebody wants to know. */
  private chunks: ChunkFraming | undefined;
  private anyByte = false;
  private held = false;
  private over = false;
  /** The socket's own error: undici passes on only some of them. */
  private socketError: Error | undefined;
  /** The peer ended its side; set while it is being found out whether that was a FIN or a RST. */
  private peerEnded = false;
  private probing = false;
  private afterProbe: (() => void) | undefined;

  constructor(socket: Socket, handler: ExchangeHandler) {
    this.socket = socket;
    this.handler = handler;
    if (handler.wantsChunkEnds === true) this.chunks = new ChunkFraming();
    this.watch();
  }

  dispatch(request: RequestHead, forwarded: boolean): void {
    let connected = false;
    this.client = new Client(request.url.origin, {
      // Quiet streams are normal: undici's own timeouts (300 s) would end them.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: (_options, done) => {
        if (connected) return done(new Error('the connection is used up'));
        connected = true;
        // undici is in the middle of its turn: an answer within the call would be overlooked.
        queueMicrotask(() => done(null, this.socket));
      },
    });
    const { url } = request;
    this.client.dispatch(
      {
        method: request.method,
        path: forwarded ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
        headers: request.headers.flat(),
        body: request.body ?? null,
      },
      this,
    );
  }

  /** These listeners stand before undici's, so that they see every read, end and error first. */
  private watch(): void {
    const { socket } = this;
    // undici pulls with read(): while held it gets nothing, and the kernel's window fills up. (Pausing its parser
    // instead would trip an assertion in undici when the peer resets meanwhile.)
    socket.read = (size?: number) => {
      if (this.held) return null;
      const bytes: Buffer | null = Readable.prototype.read.call(socket, size);
      if (bytes !== null) this.chunks?.push(bytes);
      return bytes;
    };
    socket.prependListener('readable', this.noteVersion);
    socket.prependListener('readable', () => {
      this.readAt = monotonicMs();
    });
    socket.on('error', (error) => {
      this.socketError ??= error;
      this.goneAt ??= monotonicMs();
    });
    socket.on('end', () => {
      this.peerEnded = true;
      this.goneAt ??= monotonicMs();
      this.probe();
    });
  }

  /** The status line's version, which undici's parser does not tell; its bytes may come one by one. */
  private readonly noteVersion = (): void => {
    // Bytes that nobody takes afterwards would be seen twice.
    if (this.held) return;
    const start: Buffer | null = Readable.prototype.read.call(this.socket);
    if (start === null) return;
    this.anyByte = true;
    this.protocol += start.subarray(0, HTTP_1_0.length - this.protocol.length).toString('latin1');
    if (this.protocol === HTTP_1_0) this.version = '1.0';
    if (this.protocol.length === HTTP_1_0.length) this.socket.off('readable', this.noteVersion);
    this.socket.unshift(start);
  };

  /**
   * Asks the kernel whether the connection was ended or reset: it refuses a write after a RST, at once, and takes
   * it after a FIN. An empty line is what RFC 9112 §2.2 tells servers to ignore.
   */
  private probe(): void {
    if (this.over || this.socket.destroyed) return;
    this.probing = true;
    this.socket.write('\r\n', (error) => {
      this.probing = false;
      if (error) this.socketError ??= error;
      this.afterProbe?.();
    });
  }

  onConnect(): void {}

  onRequestSent(): void {
    this.handler.sent(monotonicMs());
  }

  onHeaders(status: number, rawHeaders: Buffer[], _resume: () => void, statusText: string): boolean {
    if (status < 200 || this.over) return true;
    const headers = pairs(rawHeaders);
    this.framing = framingOf(status, headers);
    if (this.framing !== 'chunked') this.chunks = undefined;
    const head: ResponseHead = { status, statusText, headers, http: this.version, framing: this.framing };
    this.handler.head(head, this.readAt);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.over) this.handler.data(chunk, this.readAt, this.chunks?.take(chunk.length));
    return true;
  }

  onComplete(): void {
    // After the peer ended its side, undici calls a body complete that had nothing else to end it.
    if (this.peerEnded || this.socketError !== undefined) this.decide();
    else this.finish({ kind: 'complete' });
  }

  onError(error: Error): void {
    if (this.over) return;
    if (this.peerEnded || isSocketFailure(this.socketError)) this.decide();
    else this.finish({ kind: 'protocol', cause: error });
  }

  /** The connection is gone: decides, once the kernel has said how. */
  private decide(): void {
    if (this.probing) {
      this.afterProbe = () => this.decide();
      return;
    }
    if (isSocketFailure(this.socketError)) {
      this.finish({ kind: 'reset', cause: this.socketError });
    } else if (this.framing === 'close') {
      this.finish({ kind: 'complete' });
    } else {
      this.finish({ kind: 'unfinished', answered: this.anyByte });
    }
  }

  private finish(end: TransferEnd): void {
    if (this.over) return;
    // What ended the transfer was in the last read, unless the connection's own end did.
    const at = this.goneAt ?? this.readAt;
    this.release();
    this.handler.end(end, at);
  }

  pause(): void {
    this.held = true;
  }

  resume(): void {
    if (!this.held) return;
    this.held = false;
    // Wakes undici's reader for what came meanwhile, and the socket, which stopped reading when its buffer was full.
    if (!this.over) this.socket.emit('readable');
  }

  destroy(): void {
    if (!this.over) this.release();
  }

  private release(): void {
    this.over = true;
    this.held = false;
    // Errors of a connection that is no longer wanted have nowhere to go.
    this.client?.destroy().catch(() => {});
    this.socket.destroy();
  }
}

function isSocketFailure(error: Error | undefined): error is Error {
  if (error === undefined) return false;
  const code = codeOf(error);
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ETIMEDOUT' ||
    code === 'EPROTO' ||
    code.startsWith('ERR_SSL')
  );
}

function pairs(raw: Buffer[]): HeaderPair[] {
  const headers: HeaderPair[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers.push([headerText(raw[i] as Buffer), headerText(raw[i + 1] as Buffer)]);
  }
  return headers;
}

/** RFC 9112 §6.3. */
function framingOf(status: number, headers: readonly HeaderPair[]): Framing {
  if (status === 204 || status === 304) return 'length';
  const transfer = headerValue(headers, 'transfer-encoding');
  if (transfer !== undefined) return /\bchunked\s*$/i.test(transfer) ? 'chunked' : 'close';
  return headerValue(headers, 'content-length') === undefined ? 'close' : 'length';
}
