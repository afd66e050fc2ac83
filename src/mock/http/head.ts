import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { quoted } from '../../notation/invalid-value.ts';
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

/** RFC 9110, section 15: above it no status means anything. */
const LAST_STATUS = 599;

/** What of a head can't be sent, in words; undefined where all of it can. */
export function unsendable(
  status: number,
  headers: HeaderList,
  lastStatus = LAST_STATUS,
): string | undefined {
  // An answer of 1xx would be the beginning of another one.
  if (!Number.isInteger(status) || status < 200 || status > lastStatus)
    return `the status ${status} can't be sent: it must be a whole number from 200 to ${lastStatus}`;
  for (const [name, value] of headers) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      return `the header ${quoted(name)} can't be sent: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** What another server answered passes, whatever it means. */
const LAST_PASSED_STATUS = 999;

/**
 * Writes the head and lets it go at once, before there is a body.
 *
 * @throws Error that says what of it can't be sent; nothing has been, then
 */
export function sendHead({ response }: Exchange, status: number, headers: HeaderList): void {
  const fault = unsendable(status, headers, LAST_PASSED_STATUS);
  if (fault !== undefined) throw new Error(fault);
  if ('stream' in response) sendHttp2Head(response, status, headers);
  else {
    // As a list, which is written and forgotten: set one by one they would be kept for as long as the stream lives.
    const list = headers.flatMap(([name, value]) => [headerCase(name), value]);
    response.writeHead(status, STATUS_CODES[status] ?? '', list);
    response.flushHeaders();
  }
}

function sendHttp2Head(response: Http2ServerResponse, status: number, headers: HeaderList): void {
  // Those of an answer that could not be sent.
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of headers) {
    if (OF_THE_CONNECTION.has(name.toLowerCase())) continue;
    // A name that comes twice is sent twice.
    const earlier = response.getHeader(name);
    const values = earlier === undefined ? value : [...[earlier].flat().map(String), value];
    response.setHeader(name.toLowerCase(), values);
  }
  response.writeHead(status);
}

/** `content-type` as people write it: `Content-Type`. */
function headerCase(name: string): string {
  return name === name.toLowerCase() ? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name;
}
