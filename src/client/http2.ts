import type { Connection } from './connector.ts';
import type { Exchange, ExchangeHandler, RequestHead } from './exchange.ts';
import { Http2Session } from './http2-session.ts';

/**
 * Sends a request as the only stream of a fresh HTTP/2 connection.
 *
 * @throws SseKitError `REQUEST_INVALID` (exit 2) for headers that HTTP/2 has no place for
 */
export function startHttp2(
  connection: Pick<Connection, 'socket' | 'tcp'>,
  request: RequestHead,
  handler: ExchangeHandler,
): Exchange {
  const session = new Http2Session(connection, request.url.origin, 1, { left: () => session.destroy() });
  return session.start(request, handler);
}
