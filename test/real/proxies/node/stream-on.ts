import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * For `proxyRes` of everything that is made of http-proxy: sends the head before the first bytes of the body, and ends an
 * answer that the origin broke off.
 */
export function streamOn(
  proxyRes: IncomingMessage,
  _request: IncomingMessage,
  response: ServerResponse,
): void {
  // The proxy copies the headers behind this.
  process.nextTick(() => response.flushHeaders());
  proxyRes.on('close', () => {
    if (!proxyRes.complete) response.destroy();
  });
}
