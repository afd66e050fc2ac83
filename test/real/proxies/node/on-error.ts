import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Answer = ServerResponse | Socket;

/** For `error` of http-proxy, whose process ends where nobody listens: answers as its documentation does. */
export function apologise(_error: Error, _request: IncomingMessage, answer: Answer): void {
  if (!(answer instanceof ServerResponse)) return;
  if (!answer.headersSent) answer.writeHead(502, { 'Content-Type': 'text/plain' });
  answer.end('Something went wrong.');
}

/** The same as streams need it: one that has begun ends without an apology in it, and not as if it were whole. */
export function breakOff(error: Error, request: IncomingMessage, answer: Answer): void {
  if (answer instanceof ServerResponse && answer.headersSent) answer.destroy();
  else apologise(error, request, answer);
}
