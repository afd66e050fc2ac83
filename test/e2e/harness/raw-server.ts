import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { listen } from './listening.ts';
import { RawConnection, type RawRequest } from './raw-connection.ts';

export interface RawServerOptions {
  /** Speaks TLS with this certificate and key; `requestCert` asks for one of the client's. */
  tls?: SecureContextOptions & { requestCert?: boolean; ALPNProtocols?: string[] };
  /** Listens on a socket file instead of a port. */
  unixSocket?: string;
  /** 0: any. */
  port?: number;
}

/** What the server does on each connection; the connection stays open until it is finished, reset or the server closes. */
export type Script = (client: RawConnection) => Promise<void> | void;

export interface RawServer {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Requests read so far, by all connections, verbatim. */
  readonly requests: readonly RawRequest[];
  /** Cuts what is open, before the test's end does. */
  close(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that does with each connection exactly what the script says, byte for byte. It closes with
 * the test, which fails where a script threw while its client was still there.
 */
export async function rawServer(
  test: TestContext,
  script: Script,
  options: RawServerOptions = {},
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const failures: unknown[] = [];
  const context = options.tls && createSecureContext(options.tls);
  let connections = 0;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections += 1;
    const secured =
      context && new TLSSocket(socket, { ...options.tls, isServer: true, secureContext: context });
    const client = new RawConnection(socket, secured ?? socket, connections, requests);
    Promise.resolve(client)
      .then(script)
      .catch((error: unknown) => {
        // A client that leaves in the middle is what many tests want; what the client says of it is tested.
        if (!client.hasLeft) failures.push(error);
        socket.destroy();
      });
  });

  const { port, close } = await listen(test, server, options.unixSocket ?? options.port);
  test.after(() => {
    if (failures.length > 0) throw failures[0];
  });
  return {
    url: options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    requests,
    close,
  };
}
