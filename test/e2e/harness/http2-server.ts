import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { KeyPair } from './certificates.ts';
import { listen } from './listening.ts';

export interface Http2Server {
  /** `http://127.0.0.1:PORT` (prior knowledge), or `https://localhost:PORT`. */
  readonly url: string;
  /** Header blocks of the requests so far. */
  readonly requests: readonly IncomingHttpHeaders[];
  /** Sessions so far, closed ones too. */
  readonly sessions: readonly ServerHttp2Session[];
  /** TCP connections so far, closed ones too. */
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

export type Http2Script = (stream: ServerHttp2Stream, session: ServerHttp2Session) => void;

/** An HTTP/2 server on 127.0.0.1: cleartext by prior knowledge, or with a certificate TLS that offers only h2. */
export async function http2Server(
  test: TestContext,
  script: Http2Script,
  tls?: KeyPair,
  settings: Settings = {},
): Promise<Http2Server> {
  const requests: IncomingHttpHeaders[] = [];
  const sessions: ServerHttp2Session[] = [];
  const sockets: Socket[] = [];
  const server = tls ? createSecureServer({ ...tls, settings }) : createServer({ settings });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('session', (session: ServerHttp2Session) => {
    sessions.push(session);
    // A client may leave as it likes; the tests look at what it says.
    session.on('error', () => {});
  });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    requests.push(headers);
    stream.on('error', () => {});
    if (stream.session) script(stream, stream.session as ServerHttp2Session);
  });
  const { port, close } = await listen(test, server);
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    requests,
    sessions,
    sockets,
    close,
  };
}

/** Answers with a stream's headers and the given events, and resolves when they were handed to the connection. */
export function respondWithEvents(stream: ServerHttp2Stream, body: string): Promise<void> {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  return new Promise((resolve) => stream.write(body, () => resolve()));
}
