import type { PlainAnswer } from '../answer.ts';
import type { RequestError } from '../request.ts';
import { sendHead } from './head.ts';
import { type Exchange, isGone } from './incoming.ts';
import { hasMuchUnread, lingerAfterAnswer } from './linger.ts';

/** Sends an answer that is whole; returns the bytes of its body. */
export function respond(
  exchange: Exchange,
  { status, headers = {}, body }: PlainAnswer,
  added: Readonly<Record<string, string>>,
): number {
  const { response, request } = exchange;
  if (isGone(exchange) || response.headersSent) return 0;
  const bytes = Buffer.from(body ?? '');
  const bodiless = status === 204 || status === 304;
  // HEAD for a stream: how long it would be, nobody knows.
  const unknown = body === undefined && request.method === 'HEAD';
  const length = bodiless || unknown ? {} : { 'content-length': String(bytes.length) };
  // HTTP/2 gives up a body without the connection.
  const ofConnection = request.httpVersionMajor < 2;
  const last = ofConnection && (headers.connection === 'close' || hasMuchUnread(exchange));
  const connection = last ? { connection: 'close' } : {};
  if (last) lingerAfterAnswer(exchange);
  sendHead(exchange, status, Object.entries({ ...added, ...headers, ...length, ...connection }));
  if (bodiless || request.method === 'HEAD') response.end();
  else response.end(bytes);
  return bodiless ? 0 : bytes.length;
}

/** A refusal in words that a program can read. */
export function refusalAnswer({ status, message, headers }: RequestError): PlainAnswer {
  return {
    kind: 'plain',
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify({ error: message })}\n`,
  };
}
