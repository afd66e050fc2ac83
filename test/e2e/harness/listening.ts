import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface Listening {
  /** 0 for a socket file. */
  readonly port: number;
  /** Cuts every connection and resolves when the server is gone. */
  close(): Promise<void>;
}

/** Lets a server listen on 127.0.0.1 (or a socket file) until it is closed or the test ends. */
export async function listen(
  test: TestContext,
  server: Server,
  where: number | string = 0,
): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      // Closed before is closed too.
      server.close(() => resolve());
    });
  test.after(close);
  return { port: typeof where === 'string' ? 0 : (server.address() as AddressInfo).port, close };
}
