import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SseKitError } from '../../client/errors.ts';
import type { Exchange } from './incoming.ts';

export interface ListenOptions {
  host: string;
  /** 0: any free one. */
  port: number;
}

/** A server's ear: hands over every request, with the connection that it came on. */
export interface Listener {
  /** With a closing slash. */
  readonly url: string;
  readonly port: number;
  /** Accepts no more connections; resolves when the last one has gone. */
  close(): Promise<void>;
  /** Ends those that carry no request now. */
  closeIdle(): void;
  /** Ends all that are left, at once. */
  closeAll(): void;
}

/** The time that a client may take for the head of a request: without it, open connections would be for nothing. */
const HEADERS_TIMEOUT_MS = 60_000;

/** @throws SseKitError exit 2 where the address can't be listened at */
export async function listen(
  options: ListenOptions,
  onExchange: (exchange: Exchange) => void,
): Promise<Listener> {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, noDelay: true });
  server.on('request', (request, response) => onExchange({ request, response, raw: request.socket }));
  await bind(server, options);
  const { address, port, family } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `http://${name}:${port}/`,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
    closeIdle: () => server.closeIdleConnections(),
    closeAll: () => server.closeAllConnections(),
  };
}

async function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  try {
    // As many as the kernel lets wait: thousands may come at once.
    server.listen({ host, port, backlog: 4_096 });
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): SseKitError {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new SseKitError('EADDRINUSE', 2, `${at} is in use already`, {
        hint: 'Choose another with --port, or let one be chosen with --port 0.',
        cause: error,
      });
    case 'EACCES':
      return new SseKitError('EACCES', 2, `this user may not listen at ${at}`, {
        hint: 'Ports below 1024 are for root; choose another with --port.',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SseKitError(error.code, 2, `${host} is no address of this machine`, {
        hint: 'Use 127.0.0.1, ::1, or 0.0.0.0 for every address.',
        cause: error,
      });
    default:
      return new SseKitError(error.code ?? 'LISTEN', 1, `could not listen at ${at}: ${error.message}`, {
        cause: error,
      });
  }
}
