/**
 * A server that takes what is published, and passes it on to its streams as it is told: late, not at all, twice. It stamps
 * what it gets and what it writes on the clock that all processes of the machine share.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { monotonicMs } from '../../src/client/clock.ts';
import type { PassedOn, Passing, Published, Share } from './passing.ts';
import type { FromServer, ToServer } from './server-process.ts';

/** Until a stream that was ended comes back. */
const RETRY_MS = 500;
/** A stream is ended, and what is repeated comes, so long after an event. */
const A_LITTLE_LATER_MS = 15;
const REPLAYED = 3;

const { first, refused, shares } = JSON.parse(process.argv[2] ?? '') as Passing;
const did: { published: Published[]; passed: PassedOn['passed'][number][] } = { published: [], passed: [] };
/** What was published, by its number. */
const bodies = new Map<number, string>();
const streams = new Map<number, Listener>();

/** A stream, over all of its connections. */
class Listener {
  readonly #stream: number;
  readonly #share: Share;
  #response: ServerResponse | undefined;
  #attempt = -1;

  constructor(stream: number) {
    this.#stream = stream;
    this.#share = shares[stream % shares.length] as Share;
  }

  connect(response: ServerResponse): void {
    this.#response = response;
    this.#attempt += 1;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    const { endsBehind } = this.#share;
    if (this.#attempt === 0 || endsBehind === undefined) return;
    for (let n = endsBehind - REPLAYED + 1; n <= endsBehind; n += 1) this.#write(n);
  }

  pass(n: number): void {
    const { delayMs, dropped, repeated, until = Number.POSITIVE_INFINITY, endsBehind } = this.#share;
    if (n > until || dropped?.includes(n)) return;
    setTimeout(() => {
      this.#write(n);
      if (repeated?.includes(n)) setTimeout(() => this.#write(n), A_LITTLE_LATER_MS);
      if (n === endsBehind) setTimeout(() => this.#end(), A_LITTLE_LATER_MS);
    }, delayMs);
  }

  #end(): void {
    this.#response?.end();
    this.#response = undefined;
  }

  /** Nothing, where nobody is there. */
  #write(n: number): void {
    if (this.#response === undefined) return;
    did.passed.push({ stream: this.#stream, attempt: this.#attempt, n, at: monotonicMs() });
    this.#response.write(`id: ${n}\ndata: ${bodies.get(n)}\n\n`);
  }
}

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const readAt = monotonicMs();
  const [, number, microseconds] = /ssekit:\w+:(\d+):(\d+)/.exec(body) ?? [];
  const n = Number(number);
  const accepted = !refused.includes(n);
  did.published.push({ n, sentAt: Number(microseconds) / 1000, readAt, accepted });
  response.writeHead(accepted ? 200 : 500).end();
  if (!accepted || n < first) return;
  bodies.set(n, body);
  for (const stream of streams.values()) stream.pass(n);
}

function listen(stream: number, response: ServerResponse): void {
  let listener = streams.get(stream);
  if (listener === undefined) {
    listener = new Listener(stream);
    streams.set(stream, listener);
  }
  listener.connect(response);
}

function tell(message: FromServer<PassedOn>): void {
  process.send?.(message);
}

const server = createServer({ noDelay: true }, (request, response) => {
  if (request.method === 'POST') void publish(request, response);
  else listen(Number(request.url?.slice(1)), response);
});
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  tell({ port: (server.address() as AddressInfo).port });
});
process.on('message', (_: ToServer) => tell({ told: did }));
process.once('disconnect', () => process.exit());
