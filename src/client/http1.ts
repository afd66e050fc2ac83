import type { Socket } from 'node:net';
import { AnswerParser, type AnswerSink } from './answer-parser.ts';
import { ChunkFraming } from './chunk-framing.ts';
import { monotonicMs } from './clock.ts';
import { DirectSocket } from './direct-socket.ts';
import { SseKitError } from './errors.ts';
import type { Exchange, ExchangeHandler, RequestHead, ResponseHead, TransferEnd } from './exchange.ts';
import { codeOf } from './failures.ts';
import type { Framing } from './records.ts';
import { requestText } from './request-text.ts';

/**
 * Sends a request over HTTP/1.1 on a fresh connection and reads its answer, with an eye on what ends the connection:
 * libuv reports a RST that arrives in the same poll as data as a plain end.
 *
 * A request that can't be sent ends at once, as `protocol` with an SseKitError `REQUEST_INVALID` (exit 2).
 *
 * @param forwarded the request goes to a proxy: the request line carries the whole URL (RFC 9112 §3.2.2)
 */
export function startHttp1(
  socket: Socket,
  request: RequestHead,
  forwarded: boolean,
  handler: ExchangeHandler,
): Exchange {
  const exchange = new Http1Exchange(socket, request.method, handler);
  exchange.send(request, forwarded);
  return exchange;
}

class Http1Exchange implements Exchange, AnswerSink {
  readonly #socket: Socket;
  readonly #handler: ExchangeHandler;
  readonly #parser: AnswerParser;
  /** Time of the socket read whose bytes are being handed over; of the connection before the first. */
  #readAt = monotonicMs();
  /** When the connection's end or failure was noticed. */
  #goneAt: number | undefined;
  #framing: Framing | undefined;
  /** Where chunks end, which the parser does not tell; only where somebody wants to know. */
  #chunks: ChunkFraming | undefined;
  #anyByte = false;
  #held = false;
  #over = false;
  #socketError: Error | undefined;
  /** The peer ended its side. */
  #peerEnded = false;
  /** It is being found out whether that was a FIN or a RST. */
  #probing = false;

  constructor(socket: Socket, method: string, handler: ExchangeHandler) {
    this.#socket = socket;
    this.#handler = handler;
    this.#parser = new AnswerParser(method, this);
    if (handler.wantsChunkEnds === true) this.#chunks = new ChunkFraming();
  }

  send(request: RequestHead, forwarded: boolean): void {
    const socket = this.#socket;
    socket.on('error', (error) => this.#onError(error));
    socket.on('end', () => this.#onEnd());
    socket.on('close', () => this.#decide());
    if (socket instanceof DirectSocket) socket.deliverTo((bytes) => this.#read(bytes));
    else socket.on('data', (bytes) => this.#read(bytes));
    try {
      this.#write(requestText(request, forwarded), request.body);
    } catch (error) {
      if (!(error instanceof SseKitError)) throw error;
      this.#finish({ kind: 'protocol', cause: error });
    }
  }

  #write(head: string, body: Uint8Array | undefined): void {
    const socket = this.#socket;
    if (body === undefined) {
      socket.write(head, 'latin1');
    } else {
      // They leave together.
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
    this.#handler.sent(monotonicMs());
  }

  #read(bytes: Buffer): void {
    if (this.#over) return;
    this.#readAt = monotonicMs();
    this.#anyByte = true;
    this.#chunks?.push(bytes);
    const error = this.#parser.push(bytes);
    if (error !== undefined) this.#finish({ kind: 'protocol', cause: error });
  }

  answered(head: ResponseHead): void {
    this.#framing = head.framing;
    if (head.framing !== 'chunked') this.#chunks = undefined;
    this.#handler.head(head, this.#readAt);
  }

  body(bytes: Buffer): void {
    this.#handler.data(bytes, this.#readAt, this.#chunks?.take(bytes.length));
  }

  complete(): void {
    this.#finish({ kind: 'complete' });
  }

  #onError(error: Error): void {
    this.#socketError ??= error;
    this.#goneAt ??= monotonicMs();
    this.#decide();
  }

  /**
   * Asks the kernel whether the connection was ended or reset: it refuses a write after a RST, at once, and takes
   * it after a FIN. An empty line is what RFC 9112 §2.2 tells servers to ignore.
   */
  #onEnd(): void {
    if (this.#over) return;
    this.#peerEnded = true;
    this.#goneAt ??= monotonicMs();
    // What the peer has not taken so far it will not take any more: a write would wait behind it.
    if (this.#socket.writableLength > 0) return this.#decide();
    this.#probing = true;
    this.#socket.write('\r\n', (error) => {
      this.#probing = false;
      if (error) this.#socketError ??= error;
      this.#decide();
    });
  }

  /** The connection is gone: decides, once the kernel has said how. */
  #decide(): void {
    const error = this.#socketError;
    if (this.#over || this.#probing) return;
    if (isSocketFailure(error)) this.#finish({ kind: 'reset', cause: error });
    else if (error !== undefined && !this.#peerEnded) this.#finish({ kind: 'protocol', cause: error });
    else if (this.#framing === 'close') this.#finish({ kind: 'complete' });
    else this.#finish({ kind: 'unfinished', answered: this.#anyByte });
  }

  #finish(end: TransferEnd): void {
    if (this.#over) return;
    // What ended the transfer was in the last read, unless the connection's own end did.
    const at = this.#goneAt ?? this.#readAt;
    this.destroy();
    this.#handler.end(end, at);
  }

  pause(): void {
    this.#held = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#held || this.#over) return;
    this.#held = false;
    this.#socket.resume();
  }

  destroy(): void {
    this.#over = true;
    this.#parser.free();
    this.#socket.destroy();
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
