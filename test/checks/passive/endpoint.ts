import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../../e2e/harness/listening.ts';

/** A stream of somebody else's: the same for everybody, from the first event or the one behind `Last-Event-ID` on. */
export interface Shape {
  /** Silence behind the head. */
  firstMs?: number;
  everyMs?: number;
  /** Then nothing more comes. */
  count?: number;
  sizeBytes?: number;
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly url: string;
  /** All that were asked, and how many at once at most. */
  requests: number;
  most: number;
  /** Of each request, how many events it was sent. */
  sent: number[];
}

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Ends with the test. */
export async function startEndpoint(test: TestContext, shape: Shape = {}): Promise<Endpoint> {
  let open = 0;
  const endpoint: Endpoint = { url: '', requests: 0, most: 0, sent: [] };
  const server = createServer({ noDelay: true }, (request, answer) => {
    endpoint.requests += 1;
    open += 1;
    endpoint.most = Math.max(endpoint.most, open);
    answer.once('close', () => {
      open -= 1;
    });
    const nth = endpoint.sent.push(0) - 1;
    serve(shape, request, answer, () => {
      endpoint.sent[nth] = (endpoint.sent[nth] ?? 0) + 1;
    });
  });
  const { port } = await listen(test, server);
  return Object.assign(endpoint, { url: `http://127.0.0.1:${port}/` });
}

function serve(shape: Shape, request: IncomingMessage, answer: ServerResponse, onEvent: () => void): void {
  const {
    firstMs = 100,
    everyMs = 20,
    count = Number.POSITIVE_INFINITY,
    sizeBytes = 20,
    status = 200,
  } = shape;
  answer.writeHead(status, shape.headers ?? HEADERS);
  if (status !== 200) {
    answer.end('not here\n');
    return;
  }
  answer.flushHeaders();
  let id = Number(request.headers['last-event-id'] ?? 0);
  let timer = setTimeout(function next() {
    id += 1;
    onEvent();
    answer.write(`id: ${id}\ndata: ${String(id).padEnd(sizeBytes, 'x')}\n\n`);
    if (id < count) timer = setTimeout(next, everyMs);
  }, firstMs);
  answer.once('close', () => clearTimeout(timer));
}
