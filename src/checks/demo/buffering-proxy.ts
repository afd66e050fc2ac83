import { type EmbeddedServer, startEmbeddedServer } from '../../processes/embedded-server.ts';

/**
 * Starts the proxy behind `check-proxy demo:`.
 *
 * @param originUrl where it sends requests
 * @throws Error where its process can't listen
 */
export function startBufferingProxy(originUrl: string): Promise<EmbeddedServer> {
  return startEmbeddedServer('the embedded proxy', import.meta.url, 'buffering-proxy-process', [originUrl]);
}
