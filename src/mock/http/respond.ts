import type { PlainAnswer } from '../answer.ts';
import { RequestError } from '../request.ts';
import { sendHead, unsendable } from './head.ts';
import { type Exchange, isGone } from './incoming.ts';
import { hasMuchUnread, lingerAfterAnswer } from './linger.ts';

/**
 * Sends an answer that is whole; returns the bytes of its body.
 *
 * @throws Error that says what of it can't be sent; nothing has been, then, and another answer can be
 */
export function respond(
  exchange: Exchange,
  { status, headers = {}, body }: PlainAnswer,
  added: Readonly<Record<string, string>>,
): number {
  const { response, request } = exchange;
  if (isGone(exchange) || response.headersSent) return 0;
  const fault = unsendable(status, Object.entries(headers));
  if (fault !== undefined) throw new Error(`the answer of a handler: ${fault}`);
  const bytes = Buffer.from(body ?? '');
  const bodiless = status === 204 || status === 304;
  // HEAD for a stream: how long it would be, nobody knows.
  const unknown = body === undefined && request.method === 'HEAD';
  const length = bodiless || unknown ? {} : { 'content-length': String(bytes.length) };
  // HTTP/2 gives up a body without the connection.
  const ofConnection = request.httpVersionMajor < 2;
  const last = ofConnection && (headers.connection === 'close' || hasMuchUnread(exchange));
  const connection = last ? { connection: 'close' } : {};
  // However a handler writes its name: the length is that of the body.
  const own = Object.entries(headers).filter(([name]) => unknown || name.toLowerCase() !== 'content-length');
  const all = { ...added, ...Object.fromEntries(own), ...length, ...connection };
  sendHead(exchange, status, Object.entries(all));
  if (last) lingerAfterAnswer(exchange);
  if (bodiless || request.method === 'HEAD') response.end();
  else response.end(bytes);
  return bodiless ? 0 : bytes.length;
}

/** A refusal in words that a program can read; it can be sent, whatever a handler has put into it. */
export function refusalAnswer({ status, message, headers }: RequestError): PlainAnswer {
  const fault = unsendable(status, Object.entries(headers));
  if (fault !== undefined) return refusalAnswer(new RequestError(500, `the refusal of a handler: ${fault}`));
  return {
    kind: 'plain',
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify({ error: message })}\n`,
  };
}
