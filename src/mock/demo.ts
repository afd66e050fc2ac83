import { type EmbeddedServer, startEmbeddedServer } from '../processes/embedded-server.ts';

/**
 * Starts the server behind `demo:`: any path is a stream.
 *
 * @throws Error when its process can't listen
 */
export function startDemo(): Promise<EmbeddedServer> {
  return startEmbeddedServer('the demo server', import.meta.url, 'demo-process');
}
