import type { TLSSocket } from 'node:tls';
import type { Connection } from './connector.ts';
import { parseContentEncoding } from './content-coding.ts';
import type { ResponseHead } from './exchange.ts';
import { headerValue } from './headers.ts';
import type { HeaderPair, Marks, OpenInfo, Redirect } from './records.ts';
import type { Hop } from './redirect.ts';

interface Circumstances {
  /** The request that was answered. */
  hop: Hop;
  requestHeaders: readonly HeaderPair[];
  redirects: readonly Redirect[];
  connection?: Connection;
}

/** What is known when the headers have come, from the answer and the connection it came on. */
export function openInfoOf(head: ResponseHead, around: Circumstances, marks: Marks): OpenInfo {
  const socket = around.connection?.socket;
  const proxy = around.connection?.route.proxy?.name;
  const tls = (socket as Partial<TLSSocket> | undefined)?.getProtocol?.();
  const codings = parseContentEncoding(headerValue(head.headers, 'content-encoding') ?? '');
  return {
    url: around.hop.url.href,
    method: around.hop.method,
    status: head.status,
    statusText: head.statusText,
    headers: head.headers,
    http: head.http,
    framing: head.framing,
    encoding: codings.length === 0 ? 'identity' : codings.join(', '),
    contentType: headerValue(head.headers, 'content-type') ?? '',
    ...(socket?.remoteAddress === undefined ? {} : { remoteAddress: socket.remoteAddress }),
    ...(socket?.remotePort === undefined ? {} : { remotePort: socket.remotePort }),
    ...(tls == null ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
    redirects: [...around.redirects],
    requestHeaders: around.requestHeaders,
    marks,
  };
}
