import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Exchange } from './incoming.ts';

/** What every event stream says of itself: neither caches nor proxies may hold it back or change it. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Writes the head and lets it go at once, before there is a body. */
export function sendHead({ response, request }: Exchange, status: number, headers: HeaderList): void {
  const http2 = request.httpVersionMajor === 2;
  for (const [name, value] of headers) {
    // A name that comes twice is sent twice.
    const earlier = response.getHeader(name);
    const values = earlier === undefined ? value : [...[earlier].flat().map(String), value];
    response.setHeader(http2 ? name.toLowerCase() : headerCase(name), values);
  }
  response.statusCode = status;
  // HTTP/2 has no reason phrase.
  if (!http2) response.statusMessage = STATUS_CODES[status] ?? '';
  // HTTP/2's own name for it.
  if ('flushHeaders' in response) (response as ServerResponse).flushHeaders();
  else response.writeHead(status);
}

/** `content-type` as people write it: `Content-Type`. */
function headerCase(name: string): string {
  return name === name.toLowerCase() ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name;
}
