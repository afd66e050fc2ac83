import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeComment } from '../sse/encoder.ts';
import { Reader } from './reader.ts';
import type { Schedule } from './schedule.ts';

export interface MockOptions {
  schedule: Schedule;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** The reconnection time that streams announce. Default 1 s. */
  retryMs?: number;
  /** A reader that takes nothing for so long is dropped. Default 30 s. */
  stalledMs?: number;
  /** Silence after which a comment is sent. Default 15 s. */
  heartbeatMs?: number;
}

export interface MockServer {
  /** With a closing slash; any path below it is a stream. */
  readonly url: string;
  /** Streams that are open now. */
  readonly readers: number;
  /** Ends every stream in order, then the server; connections that don't follow are cut after a second. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;

/** Starts an SSE server on which any path is a stream, and resolves when it accepts connections. */
export async function startMockServer(options: MockOptions): Promise<MockServer> {
  const { schedule, host = '127.0.0.1', port = 0, retryMs = 1_000 } = options;
  const { stalledMs = 30_000, heartbeatMs = 15_000 } = options;
  const readers = new Set<Reader>();
  let closing = false;

  const server = createServer((request, response) => {
    const from = firstEvent(request.headers['last-event-id']);
    openStream(response, retryMs);
    if (from.unknownId)
      response.write(encodeComment('that Last-Event-ID is not one of ours: from the start'));
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    discardBody(request);
    const reader = new Reader(response, { schedule, from: from.n, stalledMs, heartbeatMs });
    readers.add(reader);
    response.once('close', () => {
      readers.delete(reader);
      // Its connection turns idle in this turn of the loop, and would be kept alive.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });

  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;

  return {
    url: `http://${name}:${address.port}/`,
    get readers() {
      return readers.size;
    },
    async close() {
      closing = true;
      const closed = once(server, 'close');
      server.close();
      for (const reader of readers) reader.end();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** Headers that keep proxies from caching, transforming or holding back the stream, and a first line to prove it. */
function openStream(response: ServerResponse, retryMs: number): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write(`${encodeComment('stream opened')}retry: ${retryMs}\n\n`);
}

/** Ids count from 1, so a stream resumes behind the id that the client saw last. */
function firstEvent(lastEventId: string | string[] | undefined): { n: number; unknownId: boolean } {
  const id = String(lastEventId ?? '');
  if (id === '') return { n: 1, unknownId: false };
  const known = /^[1-9]\d{0,14}$/.test(id);
  return known ? { n: Number(id) + 1, unknownId: false } : { n: 1, unknownId: true };
}

/** A body that nobody reads would hold its bytes on the connection for as long as the stream lives. */
function discardBody(request: IncomingMessage): void {
  request.resume();
}
