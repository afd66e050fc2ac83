import { SseKitError } from './errors.ts';
import type { RequestHead } from './exchange.ts';
import { isHeaderSafe, isToken } from './headers.ts';

/** What describes the connection and the body is ours to say. */
const NOT_TO_BE_SET = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect']);

/** Methods of which a request without a body says so (RFC 9110 §8.6). */
const EXPECT_CONTENT = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

/**
 * The head of a request as it is written over HTTP/1.1 (RFC 9112 §2.1 and §3), in Latin-1, with its blank line.
 *
 * @param forwarded the request goes to a proxy: the request line carries the whole URL (RFC 9112 §3.2.2)
 * @throws SseKitError `REQUEST_INVALID` (exit 2) for a method or header that can't be sent
 */
export function requestText({ method, url, headers, body }: RequestHead, forwarded: boolean): string {
  if (!isToken(method)) throw invalid(`${JSON.stringify(method)} is no method`);
  let host = url.host;
  let hasHost = false;
  let closes = method === 'HEAD';
  let lines = '';
  for (const [name, value] of headers) {
    if (!isToken(name)) throw invalid(`${JSON.stringify(name)} is no name of a header`);
    if (!isHeaderSafe(value)) throw invalid(`the header ${name} holds control characters`);
    const key = name.toLowerCase();
    if (NOT_TO_BE_SET.has(key)) throw invalid(`the header ${name} can't be set`);
    if (key === 'host') {
      if (hasHost) throw invalid('there are two Host headers');
      hasHost = true;
      host = value;
    } else if (key === 'connection') {
      closes ||= /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
    } else if (key === 'content-length') {
      if (value !== String(body?.length ?? 0))
        throw invalid(`Content-Length ${value} is not that of the body`);
    } else {
      lines += `${name}: ${value}\r\n`;
    }
  }
  const target = `${forwarded ? url.origin : ''}${url.pathname}${url.search}`;
  const connection = closes ? 'close' : 'keep-alive';
  const size = body?.length ?? 0;
  const length = size > 0 || EXPECT_CONTENT.has(method) ? `content-length: ${size}\r\n` : '';
  return `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${lines}${length}\r\n`;
}

function invalid(reason: string): SseKitError {
  return new SseKitError('REQUEST_INVALID', 2, `the request can't be sent: ${reason}`);
}
