import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { createBrotliCompress, createGzip } from 'node:zlib';
import { listen } from '../e2e/harness/listening.ts';
import { type Hold, holdOf } from './faulty-hold.ts';
import { type TurnFaults, Turns } from './faulty-turns.ts';

/** What a proxy does wrong; without any it passes everything through at once. */
export interface ProxyFaults extends Hold, TurnFaults {
  /** The head waits for the first byte of the body that is passed on. */
  holdHeaders?: boolean;
  /** The head waits for so long, by which request it answers, from 0. */
  delayHeadersMs?: (nth: number) => number;
  /** The request is passed on so much later. */
  delayRequestMs?: (nth: number) => number;
  /** `X-Accel-Buffering: no` ends the holding of the body and the head (`cures`); the header is passed on or not. */
  accelBuffering?: 'cures' | 'removed' | 'cures and removed';
  /** An answer that is not whole after so long is given up with 504; one that is goes on then. */
  wholeWithinMs?: number;
  /** No byte from the origin for so long ends the answer (or, before its head, answers 504). */
  idleCutMs?: number;
  /** An answer ends after so long. */
  lifetimeMs?: number;
  /** The origin isn't told that the client has left: never, or not before its next bytes. */
  ignoreClientGone?: 'always' | 'until next bytes';
  /** The client sees a whole answer where the origin's was cut. */
  maskTruncation?: boolean;
  /** … with this text behind what came. */
  apologyOnTruncation?: string;
  /** … or nothing at all. */
  hangOnTruncation?: boolean;
  /** Answers with these headers are shared among, and replayed to, all who ask for the same URL with GET. */
  cache?: (headers: IncomingMessage['headers']) => boolean;
  /** Requests of these methods are sent once more where the origin closed without an answer. */
  retry?: readonly string[];
  /** Connections to the origin serve one request after the other. */
  keepAlive?: boolean;
  changeBytes?: (text: string) => string;
  /** Of the request, in lower case. */
  dropHeaders?: readonly string[];
  changeStatus?: Readonly<Record<number, number>>;
  /** The origin hears of a request when its body is there. */
  bufferRequestBody?: boolean;
  /** JSON in the body of a request is taken in, and not passed on. */
  takesJson?: boolean;
  /** Answers a request with that status, by which it is, from 0, and does not ask the origin. */
  answersItself?: (nth: number) => number | undefined;
  /** Compresses with these where the client takes them, and holds everything back until the end. */
  compressAndHold?: readonly ('gzip' | 'br')[];
  /** … or until the next is there. */
  compressOneBehind?: boolean;
  /** … but not where the answer says `no-transform`. */
  noTransformCures?: boolean;
  /** Takes what the origin sends, whether or not the client reads. */
  absorb?: boolean;
  /** Headers that every answer has besides. */
  addHeaders?: Readonly<Record<string, string>>;
  /** Headers that every answer has instead of the origin's, in lower case; an empty one is taken away. */
  changeHeaders?: Readonly<Record<string, string>>;
}

export interface FaultyProxy {
  /** With a closing slash. */
  readonly url: string;
  /** May be changed at any time: holds for requests that come later. */
  faults: ProxyFaults;
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

interface CachedAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  chunks: Buffer[];
  ended: boolean;
  readers: Set<ServerResponse>;
}

/** Starts a reverse proxy in front of the origin; it ends with the test. */
export async function startFaultyProxy(
  test: TestContext,
  originUrl: string,
  faults: ProxyFaults = {},
): Promise<FaultyProxy> {
  // A connection to the origin for each request, unless asked otherwise: what happens to one is nothing to the others.
  const agent = new Agent({ keepAlive: faults.keepAlive === true });
  test.after(() => agent.destroy());
  const cached = new Map<string, CachedAnswer>();
  const turns = new Turns();
  let requests = 0;
  let asked = 0;
  const proxy: FaultyProxy = { url: '', faults };

  const server = createServer({ noDelay: true }, (incoming, answer) => {
    const { url = '/' } = incoming;
    const serve = () => {
      answer.once('close', () => turns.leave(url, proxy.faults));
      const nth = requests;
      requests += 1;
      const relay = new Relay(new URL(originUrl), agent, cached, proxy.faults, incoming, answer, nth);
      setTimeout(() => relay.start(), proxy.faults.delayRequestMs?.(nth) ?? 0);
    };
    const { refusesBeyond, answersItself } = proxy.faults;
    const status = turns.isFull(proxy.faults) ? refusesBeyond : answersItself?.(asked);
    asked += 1;
    if (status !== undefined) answer.writeHead(status).end();
    else turns.take({ url, serve }, proxy.faults);
  });
  const { port } = await listen(test, server);
  return Object.assign(proxy, { url: `http://127.0.0.1:${port}/` });
}

/** One request and its answer. */
class Relay {
  readonly #origin: URL;
  readonly #agent: Agent;
  readonly #cached: Map<string, CachedAnswer>;
  readonly #faults: ProxyFaults;
  readonly #incoming: IncomingMessage;
  readonly #answer: ServerResponse;
  readonly #nth: number;
  readonly #timers: NodeJS.Timeout[] = [];
  #idle: NodeJS.Timeout | undefined;
  #cut = false;

  constructor(
    origin: URL,
    agent: Agent,
    cached: Map<string, CachedAnswer>,
    faults: ProxyFaults,
    incoming: IncomingMessage,
    answer: ServerResponse,
    nth: number,
  ) {
    this.#origin = origin;
    this.#agent = agent;
    this.#cached = cached;
    this.#faults = faults;
    this.#incoming = incoming;
    this.#answer = answer;
    this.#nth = nth;
  }

  start(): void {
    const incoming = this.#incoming;
    const hit = incoming.method === 'GET' ? this.#cached.get(incoming.url ?? '') : undefined;
    if (hit !== undefined) return this.#replay(hit);
    const { retry, bufferRequestBody, takesJson } = this.#faults;
    if (takesJson === true && incoming.headers['content-type'] === 'application/json') {
      incoming.resume().once('end', () => this.#ask(Buffer.alloc(0), false));
      return;
    }
    const again = retry?.includes(incoming.method ?? '') ?? false;
    if (!again && bufferRequestBody !== true) return this.#ask(undefined, false);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => this.#ask(Buffer.concat(chunks), again));
  }

  #ask(body: Buffer | undefined, again: boolean): void {
    const { dropHeaders = [], idleCutMs, lifetimeMs, ignoreClientGone } = this.#faults;
    const incoming = this.#incoming;
    const answer = this.#answer;
    const headers = passedOn(incoming, dropHeaders);
    if (body !== undefined && body.length > 0) headers['content-length'] = String(body.length);
    else if (body === undefined && incoming.headers['content-length'] !== undefined)
      headers['content-length'] = incoming.headers['content-length'];
    const upstream = request({
      agent: this.#agent,
      host: this.#origin.hostname,
      port: this.#origin.port,
      method: incoming.method,
      path: incoming.url,
      headers,
    });
    const stop = () => {
      this.#cut = true;
      upstream.destroy();
      if (answer.headersSent) answer.socket?.destroy();
      else answer.writeHead(504).end();
    };
    if (idleCutMs !== undefined) this.#idle = setTimeout(stop, idleCutMs);
    if (lifetimeMs !== undefined) this.#timers.push(setTimeout(stop, lifetimeMs));
    answer.once('close', () => {
      for (const timer of this.#timers) clearTimeout(timer);
      clearTimeout(this.#idle);
      if (ignoreClientGone === undefined || answer.writableFinished) upstream.destroy();
    });
    let responded = false;
    upstream.once('response', (response) => {
      responded = true;
      this.#relay(response);
    });
    upstream.on('error', () => {
      if (responded || this.#cut || answer.destroyed) return;
      if (again) this.#ask(body, false);
      else answer.writeHead(502, { 'content-type': 'text/plain' }).end('bad gateway\n');
    });
    if (body === undefined) incoming.pipe(upstream);
    else upstream.end(body);
  }

  #relay(response: IncomingMessage): void {
    const faults = this.#faults;
    const answer = this.#answer;
    if (faults.wholeWithinMs !== undefined) return this.#relayWhole(response, faults.wholeWithinMs);
    const headers = { ...faults.addHeaders, ...passedOn(response) };
    const uncured =
      response.headers['x-accel-buffering'] !== 'no' ||
      !(faults.accelBuffering?.startsWith('cures') ?? false);
    if (faults.accelBuffering?.endsWith('removed')) delete headers['x-accel-buffering'];
    for (const [name, value] of Object.entries(faults.changeHeaders ?? {})) {
      delete headers[name];
      if (value !== '') headers[name] = value;
    }
    const coding = this.#coding(response);
    if (coding !== undefined) headers['content-encoding'] = coding;
    const status = response.statusCode ?? 502;
    answer.writeHead(faults.changeStatus?.[status] ?? status, headers);
    const copy = this.#cache(response, headers);
    const headDelayMs = faults.delayHeadersMs?.(this.#nth) ?? 0;
    if (headDelayMs > 0) this.#timers.push(setTimeout(() => answer.flushHeaders(), headDelayMs));
    else if (!uncured || faults.holdHeaders !== true) answer.flushHeaders();

    const write = (chunk: Buffer) => {
      copy?.chunks.push(chunk);
      for (const reader of copy?.readers ?? []) reader.write(chunk);
      if (answer.write(chunk) || faults.absorb === true || answer.destroyed) return;
      response.pause();
      answer.once('drain', () => response.resume());
    };
    const end = () => {
      if (copy !== undefined) copy.ended = true;
      for (const reader of copy?.readers ?? []) reader.end();
      answer.end();
    };
    const held = uncured ? holdOf(faults, write, end) : { write, end };
    this.#timers.push(...('timers' in held ? held.timers : []));
    const into = coding === undefined ? held : compressed(coding, held, faults.compressOneBehind);

    response.on('data', (chunk: Buffer) => {
      this.#idle?.refresh();
      if (answer.destroyed && faults.ignoreClientGone === 'until next bytes') response.destroy();
      into.write(
        faults.changeBytes === undefined ? chunk : Buffer.from(faults.changeBytes(chunk.toString())),
      );
    });
    response.once('end', () => into.end());
    // The origin broke off.
    response.on('error', () => {});
    response.once('close', () => {
      if (response.complete || this.#cut || faults.hangOnTruncation === true) return;
      if (faults.apologyOnTruncation !== undefined) into.write(Buffer.from(faults.apologyOnTruncation));
      if (faults.maskTruncation === true) into.end();
      else answer.socket?.destroy();
    });
  }

  #relayWhole(response: IncomingMessage, withinMs: number): void {
    const answer = this.#answer;
    const chunks: Buffer[] = [];
    const giveUp = () => {
      response.destroy();
      answer.writeHead(504).end();
    };
    this.#timers.push(setTimeout(giveUp, withinMs));
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', () => {});
    response.once('end', () => {
      answer.writeHead(response.statusCode ?? 502, passedOn(response)).end(Buffer.concat(chunks));
    });
  }

  #coding(response: IncomingMessage): 'gzip' | 'br' | undefined {
    const { compressAndHold = [], noTransformCures } = this.#faults;
    const transformable = !/no-transform/.test(response.headers['cache-control'] ?? '');
    if (noTransformCures === true && !transformable) return undefined;
    const accepted = (this.#incoming.headers['accept-encoding'] ?? '').toString().split(/[\s,]+/);
    return compressAndHold.find((coding) => accepted.includes(coding));
  }

  #cache(response: IncomingMessage, headers: CachedAnswer['headers']): CachedAnswer | undefined {
    if (this.#incoming.method !== 'GET' || this.#faults.cache?.(response.headers) !== true) return undefined;
    const copy = {
      status: response.statusCode ?? 502,
      headers,
      chunks: [],
      ended: false,
      readers: new Set<ServerResponse>(),
    };
    this.#cached.set(this.#incoming.url ?? '', copy);
    return copy;
  }

  #replay(copy: CachedAnswer): void {
    const answer = this.#answer;
    answer.writeHead(copy.status, copy.headers);
    answer.flushHeaders();
    for (const chunk of copy.chunks) answer.write(chunk);
    if (copy.ended) answer.end();
    else {
      copy.readers.add(answer);
      answer.once('close', () => copy.readers.delete(answer));
    }
  }
}

function passedOn(
  { headersDistinct }: IncomingMessage,
  dropped: readonly string[] = [],
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    const [first = ''] = values;
    if (!HOP_BY_HOP.has(name) && !dropped.includes(name)) headers[name] = values.length > 1 ? values : first;
  }
  return headers;
}

function compressed(
  coding: 'gzip' | 'br',
  { write, end }: { write(chunk: Buffer): void; end(): void },
  oneBehind?: boolean,
): { write(chunk: Buffer): void; end(): void } {
  const coder = coding === 'gzip' ? createGzip() : createBrotliCompress();
  coder.on('data', write);
  coder.once('end', end);
  if (oneBehind !== true) return { write: (chunk) => coder.write(chunk), end: () => coder.end() };
  // What has been written so far, and then what is held until the next.
  const next = (chunk: Buffer) => coder.flush(() => coder.write(chunk));
  return { write: next, end: () => coder.end() };
}
