import { monotonicMs } from '../../client/clock.ts';
import { type Connection, connect } from '../../client/connector.ts';
import { endingOf } from '../../client/ending.ts';
import { SseKitError } from '../../client/errors.ts';
import type {
  Exchange,
  ExchangeHandler,
  RequestHead,
  ResponseHead,
  TransferEnd,
} from '../../client/exchange.ts';
import { startHttp1 } from '../../client/http1.ts';
import type { ConnectionOptions } from '../../client/request.ts';
import { NOTHING_PENDING } from '../../sse/sink.ts';
import type { AsyncSchedule, Step } from '../step.ts';

/** Bytes that wait for the client; with more the upstream is not read. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * A request under way at the upstream, and its body as a schedule: each read is a step at once, the ending is what it
 * was, and the upstream feels a client that reads slowly or leaves.
 *
 * It stands on the connector and the exchanges of the client, below its attempts: those know how a transfer really
 * ended (a reset that came with data, a chunked body without its end), which `node:http` does not tell, while an
 * attempt follows redirects, decodes, and keeps of an answer that is no stream only its beginning.
 */
export class UpstreamExchange implements ExchangeHandler, AsyncSchedule {
  /** The answer's head; rejects with an SseKitError where none comes. */
  readonly answered: Promise<ResponseHead>;
  readonly #request: RequestHead;
  #settle: { head(head: ResponseHead): void; failed(error: SseKitError): void } | undefined;
  #connecting: { cancel(): void } | undefined;
  #exchange: Exchange | undefined;
  #connection: Connection | undefined;
  #steps: Step[] = [];
  #waitingBytes = 0;
  #paused = false;
  #over = false;
  #asking: ((result: IteratorResult<Step, void>) => void) | undefined;

  constructor(request: RequestHead, options: ConnectionOptions) {
    this.#request = request;
    this.answered = new Promise((head, failed) => {
      this.#settle = { head, failed };
    });
    this.#connecting = connect(request.url, options, {
      marks: { planned: 0, start: monotonicMs() },
      done: (error, connection) => {
        if (this.#over) connection?.socket.destroy();
        else if (connection === undefined) this.#failed(error ?? unreachable());
        else this.#send(connection);
      },
    });
  }

  // --- The request

  #send(connection: Connection): void {
    this.#connection = connection;
    const forwarded = connection.route.proxy?.mode === 'forward';
    const authorization = forwarded ? connection.route.proxy?.authorization : undefined;
    const { headers, ...rest } = this.#request;
    const request: RequestHead = {
      ...rest,
      headers: authorization === undefined ? headers : [...headers, ['proxy-authorization', authorization]],
    };
    if (connection.protocol === 'h1') {
      this.#exchange = startHttp1(connection.socket, request, forwarded, this);
      return;
    }
    // The connection may break while node:http2 is loaded.
    const onEarlyError = (cause: Error) => this.end({ kind: 'reset', cause });
    connection.socket.once('error', onEarlyError);
    import('../../client/http2.ts')
      .then(({ startHttp2 }) => {
        if (this.#over) return;
        connection.socket.off('error', onEarlyError);
        this.#exchange = startHttp2(connection, request, this);
      })
      .catch((error: unknown) => {
        if (error instanceof SseKitError) this.#failed(error);
        else throw error;
      });
  }

  // --- What the upstream says

  sent(): void {}

  head(head: ResponseHead): void {
    this.#settle?.head(head);
    this.#settle = undefined;
  }

  data(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#waitingBytes += bytes.length;
    this.#give({ kind: 'bytes', bytes, afterMs: 0 });
    if (this.#waitingBytes > MAX_WAITING_BYTES && !this.#paused) {
      this.#paused = true;
      this.#exchange?.pause();
    }
  }

  end(transfer: TransferEnd): void {
    if (this.#over) return;
    if (this.#settle !== undefined) {
      this.#failed(noAnswer(transfer, this.#request.url.hostname));
      return;
    }
    this.#give({ kind: 'end', how: ENDINGS[transfer.kind], afterMs: 0 });
  }

  // --- The schedule

  next(): Promise<IteratorResult<Step, void>> {
    const step = this.#steps.shift();
    if (step !== undefined) {
      this.#taken(step);
      return Promise.resolve({ done: false, value: step });
    }
    if (this.#over) return Promise.resolve(NO_MORE);
    return new Promise((resolve) => {
      this.#asking = resolve;
    });
  }

  /** The client has left, or a fault ended its stream. */
  return(): Promise<IteratorResult<Step, void>> {
    this.close();
    this.#asking?.(NO_MORE);
    this.#asking = undefined;
    return Promise.resolve(NO_MORE);
  }

  /** Leaves the upstream at once, whatever it was about to say. */
  close(): void {
    this.#over = true;
    this.#steps = [];
    this.#connecting?.cancel();
    this.#exchange?.destroy();
    if (this.#exchange === undefined) this.#connection?.socket.destroy();
  }

  #give(step: Step): void {
    const asking = this.#asking;
    this.#asking = undefined;
    if (asking === undefined) {
      this.#steps.push(step);
      return;
    }
    this.#taken(step);
    asking({ done: false, value: step });
  }

  #taken(step: Step): void {
    if (step.kind !== 'bytes') return;
    this.#waitingBytes -= step.bytes.length;
    if (!this.#paused || this.#waitingBytes > 0) return;
    this.#paused = false;
    this.#exchange?.resume();
  }

  #failed(error: SseKitError): void {
    this.close();
    this.#settle?.failed(error);
    this.#settle = undefined;
  }
}

const NO_MORE: IteratorResult<Step, void> = { done: true, value: undefined };

/** A body that breaks the rules of HTTP can't be passed on as such: it is cut where it did. */
const ENDINGS = { complete: 'eof', unfinished: 'cut', reset: 'reset', protocol: 'cut' } as const;

/** In the words that the client has for it. */
function noAnswer(transfer: TransferEnd, host: string): SseKitError {
  const facts = { framing: undefined, codingComplete: true, decoder: NOTHING_PENDING, events: 0, host };
  return endingOf({ ...facts, transfer }).error ?? unreachable();
}

function unreachable(): SseKitError {
  return new SseKitError('NO_ANSWER', 7, 'no answer came');
}
