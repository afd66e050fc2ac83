import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SseKitError } from '../../client/errors.ts';
import { type Arrivals, Http1Server } from './http1-server.ts';
import { mostConnections } from './most-connections.ts';
import { type ProtocolOptions, protocolsOf } from './protocols.ts';

export interface ListenOptions extends ProtocolOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Any more are closed as they come, and told as malformed; absent: as many as the limit of open files allows. */
  maxConnections?: number | undefined;
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

const HEAD_TIMEOUT_MS = 60_000;

/**
 * @param headTimeoutMs that a client may take for a handshake, and for the head of a request; and that HTTP/2 may be idle
 * @throws SseKitError exit 2 where the address can't be listened at, or the certificate can't be used
 */
export async function listen(
  options: ListenOptions,
  arrivals: Arrivals,
  headTimeoutMs = HEAD_TIMEOUT_MS,
): Promise<Listener> {
  const http1 = new Http1Server(headTimeoutMs, arrivals);
  const protocols = await protocolsOf(options, http1, arrivals, headTimeoutMs);
  const server = http1.net;
  server.on('connection', (raw: Socket) => protocols.accept(raw));
  const most = options.maxConnections ?? mostConnections();
  if (most !== undefined) {
    server.maxConnections = most;
    server.on('drop', () => arrivals.malformed({ message: tooMany(most) }));
  }
  await bind(server, options);
  const { address, port, family } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${name}:${port}/`,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      protocols.close();
      await closed;
    },
    closeIdle() {
      server.closeIdleConnections();
      protocols.closeIdle();
    },
    closeAll() {
      server.closeAllConnections();
      protocols.closeAll();
    },
  };
}

function tooMany(most: number): string {
  return `a connection was closed as it came: ${most} are open, and the limit of open files allows no more; raise it with ulimit -n, or spread the clients over --workers`;
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
