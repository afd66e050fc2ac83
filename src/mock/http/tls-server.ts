import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { contextFor } from '../../client/tls.ts';
import type { ServerCertificate } from './certificate.ts';

export interface TlsEvents {
  /** @param raw the TCP connection under it */
  secured(socket: TLSSocket, raw: Socket): void;
  /** A handshake came to nothing; its connection is gone. */
  failed(error: NodeJS.ErrnoException): void;
}

/**
 * TLS over connections that someone else accepts. It remembers the TCP connection under each, as only that one can be
 * reset: `TLSSocket.resetAndDestroy` throws.
 */
export class TlsServer {
  readonly #server: Server;
  readonly #handshaking = new Map<string, Socket>();

  /**
   * @param protocols what ALPN offers, best first
   * @param timeoutMs that a handshake may take
   * @throws SseKitError `TLS_SETUP` (exit 2) where certificate or key can't be used
   */
  constructor(
    { cert, key, passphrase }: ServerCertificate,
    protocols: readonly string[],
    timeoutMs: number,
    events: TlsEvents,
  ) {
    const pem = { cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
    // Says in words what is wrong with them; the server below makes a context of its own.
    contextFor({ ...pem, insecure: false });
    this.#server = createServer({ ...pem, ALPNProtocols: [...protocols], handshakeTimeout: timeoutMs });
    this.#server.on('secureConnection', (socket) => {
      const raw = this.#take(endpointsOf(socket));
      if (raw === undefined) socket.destroy();
      else events.secured(socket, raw);
    });
    this.#server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      events.failed(error);
    });
  }

  accept(raw: Socket): void {
    const endpoints = endpointsOf(raw);
    // The TLS socket above tells of its errors, too.
    raw.on('error', () => {});
    if (endpoints === undefined) {
      raw.destroy();
      return;
    }
    this.#handshaking.set(endpoints, raw);
    raw.once('close', () => {
      if (this.#handshaking.get(endpoints) === raw) this.#handshaking.delete(endpoints);
    });
    this.#server.emit('connection', raw);
  }

  /** Ends handshakes that are under way. */
  closeAll(): void {
    for (const raw of this.#handshaking.values()) raw.destroy();
  }

  #take(endpoints: string | undefined): Socket | undefined {
    if (endpoints === undefined) return undefined;
    const raw = this.#handshaking.get(endpoints);
    this.#handshaking.delete(endpoints);
    return raw;
  }
}

/** No two connections have the same at a time; undefined for one that has gone already. */
function endpointsOf({ remoteAddress, remotePort, localAddress }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress}`;
}
