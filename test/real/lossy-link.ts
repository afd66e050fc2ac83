import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A way to a server on which answers may get lost. */
export interface LossyLink {
  port: number;
  /** From now on, or no longer: what is sent arrives, the answer doesn't, and the connection ends. */
  losing: boolean;
}

export async function lossyLink(test: TestContext, target: number): Promise<LossyLink> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // The one end goes with the other, in whatever way.
      socket
        .on('error', () => {})
        .once('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      if (link.losing) near.destroy();
      else near.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const link: LossyLink = { port: address.port, losing: false };
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return link;
}
