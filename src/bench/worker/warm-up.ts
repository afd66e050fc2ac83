import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool } from '../../client/pool.ts';
import type { CloseInfo } from '../../client/records.ts';
import type { StreamRequest } from '../../client/request.ts';
import type { StreamSink } from '../../client/stream-sink.ts';
import { StreamRequests } from '../recipe.ts';

/** Enough for the code of a stream to be compiled. */
const STREAMS = 300;
const AT_ONCE = 20;

const EVENTS = ': warm\nretry: 1000\n\nid: 1\ndata: {"n":1}\n\nevent: update\ndata: {"n":2}\n\n';

/**
 * Opens streams of a server of this very process: a cold process measures its own compiling, about 9 ms on the first
 * request.
 */
export async function warmUp(): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(EVENTS);
    setImmediate(() => response.end('data: bye\n\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = requestTo(`http://127.0.0.1:${port}/`);
  try {
    let left = STREAMS;
    const inTurn = async () => {
      while (left-- > 0) await oneStream(request);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function requestTo(url: string): StreamRequest {
  return new StreamRequests({
    urls: [url],
    method: 'GET',
    headers: [['Accept', 'text/event-stream']],
    connection: {
      http: '1.1',
      family: 0,
      resolve: [],
      connectTo: [],
      proxy: { noProxy: [] },
      tls: { insecure: false },
      connectTimeoutMs: 5_000,
    },
    maxRedirects: 0,
    idleTimeoutMs: 0,
    maxEventSizeBytes: 1024 ** 2,
    lastEventId: '',
  }).requestFor(0);
}

function oneStream(request: StreamRequest): Promise<CloseInfo> {
  return new Promise((resolve) => {
    const sink: StreamSink = {
      open() {},
      body() {},
      event() {},
      comment() {},
      retry() {},
      warn() {},
      close: resolve,
    };
    createPool().open(request, { lastEventId: '', plannedAt: 0 }, sink);
  });
}
