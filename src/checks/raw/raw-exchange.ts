import type { Socket } from 'node:net';
import { monotonicMs } from '../../client/clock.ts';
import { type Connection, connect } from '../../client/connector.ts';
import { SseKitError } from '../../client/errors.ts';
import { utf8AsLatin1 } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import { endpointText } from '../origin/endpoint-text.ts';

export interface RawRead {
  /** Milliseconds on this process's monotonic clock. */
  at: number;
  bytes: Buffer;
}

/** The other side ended the connection, in order or not; `left`: we did. */
export interface RawEnd {
  at: number;
  how: 'fin' | 'reset' | 'left';
}

/** What a request by hand says of itself; the rest is as the way's requests are. */
export interface RawHead {
  method?: string;
  url?: URL;
  /** Besides those of the way; in order. */
  headers?: readonly HeaderPair[];
}

/** More than any probe reads by hand: what comes then is counted, and not kept. */
const MOST_KEPT_BYTES = 8 * 1024 ** 2;

/**
 * A connection that is used by hand, for what a well-behaved client doesn't do: bytes as they are, a request that isn't
 * finished, a reader that stops, RST. HTTP/1.1 or nothing; TLS, forward proxies and `--resolve` as in any other request.
 */
export class RawExchange {
  /** What came, in order. */
  readonly reads: RawRead[] = [];
  /** How much came, kept or not. */
  bytesRead = 0;
  end: RawEnd | undefined;
  readonly #socket: Socket;
  readonly #tcp: Socket;
  /** The proxy that the request is sent to by its whole URL, if any. */
  readonly #forwarder: { authorization?: string } | undefined;
  readonly #request: StreamRequest;
  readonly #watchers = new Set<() => void>();

  constructor({ socket, tcp, route }: Connection, request: StreamRequest) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#forwarder = route.proxy?.mode === 'forward' ? route.proxy : undefined;
    this.#request = request;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.once('end', () => this.#ended('fin'));
    // Behind an end in order it says nothing new.
    socket.on('error', () => this.#ended('reset'));
    socket.once('close', () => this.#ended('reset'));
  }

  /** Where our end of the connection is: `127.0.0.1:51234`; nothing where it has no port. */
  get local(): string | undefined {
    const { localAddress, localPort } = this.#tcp;
    return localAddress === undefined || localPort === undefined
      ? undefined
      : endpointText(localAddress, localPort);
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Writes the head of a request; its body, if it has one, is the caller's to write. */
  sendHead({ method = this.#request.method, url = this.#request.url, headers = [] }: RawHead = {}): void {
    const target = `${this.#forwarder === undefined ? '' : url.origin}${url.pathname}${url.search}`;
    const all = [...this.#request.headers, ...headers];
    const authorization = this.#forwarder?.authorization;
    if (authorization !== undefined) all.push(['Proxy-Authorization', authorization]);
    const lines = all.map(([name, value]) => `${name}: ${utf8AsLatin1(value)}\r\n`).join('');
    // A way may have a host of its own (`-H Host:…`).
    const host = all.some(([name]) => name.toLowerCase() === 'host') ? '' : `Host: ${url.host}\r\n`;
    this.write(Buffer.from(`${method} ${target} HTTP/1.1\r\n${host}${lines}\r\n`, 'latin1'));
  }

  /** Reads no more until `resume`: what comes stays with the kernel, and then with the sender. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** All that was kept, one after the other. */
  get received(): Buffer {
    return Buffer.concat(this.reads.map(({ bytes }) => bytes));
  }

  /**
   * Waits until something is so, which is asked now, at every read and at the end.
   *
   * @returns whether it is; false after so long, when the connection has ended, and when the signal aborts
   */
  until(isSo: () => boolean, forMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (value: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', look);
        this.#watchers.delete(look);
        resolve(value);
      };
      const look = () => {
        if (isSo()) settle(true);
        else if (this.end !== undefined || signal.aborted) settle(false);
      };
      const timer = setTimeout(() => settle(isSo()), forMs);
      this.#watchers.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }

  /** Leaves in order. */
  close(): void {
    this.#ended('left');
    this.#socket.destroy();
  }

  /** Leaves with RST. */
  reset(): void {
    this.#ended('left');
    this.#tcp.resetAndDestroy();
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.bytesRead += bytes.length;
    if (this.bytesRead <= MOST_KEPT_BYTES) this.reads.push({ at: monotonicMs(), bytes });
    this.#tell();
  }

  #ended(how: RawEnd['how']): void {
    if (this.end !== undefined) return;
    this.end = { at: monotonicMs(), how };
    this.#tell();
  }

  #tell(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/**
 * Opens a connection along a way. Whoever opens it closes it.
 *
 * @throws SseKitError as for any request that can't connect; `ABORTED` when the signal aborts before
 */
export function openRaw(request: StreamRequest, signal: AbortSignal): Promise<RawExchange> {
  return new Promise((resolve, reject) => {
    const now = monotonicMs();
    const leave = () => {
      connecting.cancel();
      reject(new SseKitError('ABORTED', 130, 'interrupted while connecting'));
    };
    const connecting = connect(
      request.url,
      { ...request.connection, http: '1.1' },
      {
        marks: { planned: now, start: now },
        done(error, connection) {
          signal.removeEventListener('abort', leave);
          if (connection === undefined) reject(error);
          else resolve(new RawExchange(connection, request));
        },
      },
    );
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
