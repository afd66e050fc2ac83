import { STATUS_CODES } from 'node:http';
import type { Exchange } from './incoming.ts';

/** What every event stream says of itself: neither caches nor proxies may hold it back or change it. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** They are about a connection, which HTTP/2 shares among streams (RFC 9113, section 8.2.2). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Writes the head and lets it go at once, before there is a body. */
export function sendHead({ response }: Exchange, status: number, headers: HeaderList): void {
  const http2 = 'stream' in response;
  for (const [name, value] of headers) {
    if (http2 && OF_THE_CONNECTION.has(name.toLowerCase())) continue;
    // A name that comes twice is sent twice.
    const earlier = response.getHeader(name);
    const values = earlier === undefined ? value : [...[earlier].flat().map(String), value];
    response.setHeader(http2 ? name.toLowerCase() : headerCase(name), values);
  }
  if (http2) response.writeHead(status);
  else {
    response.statusCode = status;
    response.statusMessage = STATUS_CODES[status] ?? '';
    response.flushHeaders();
  }
}

/** `content-type` as people write it: `Content-Type`. */
function headerCase(name: string): string {
  return name === name.toLowerCase() ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name;
}
