import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { RequestInfo } from '../observer.ts';
import type { MockRequest } from '../request.ts';
import { readBody } from './request-body.ts';

/** One request and where its answer goes, whatever protocol carries them. */
export interface Exchange {
  request: IncomingMessage | Http2ServerRequest;
  response: ServerResponse | Http2ServerResponse;
  /** What carries HTTP: the TCP connection, or TLS over it. */
  socket: Socket;
  /** The TCP connection. */
  raw: Socket;
}

/** Whether nobody waits for the answer any more. */
export function isGone({ response, raw }: Exchange): boolean {
  return raw.destroyed || ('stream' in response ? response.stream.destroyed : response.destroyed);
}

/** What is known of a request before a route is found for it. */
export class IncomingRequest {
  readonly info: RequestInfo;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly #exchange: Exchange;
  readonly #maxBodyBytes: number;
  #body: Promise<Buffer> | undefined;

  constructor(exchange: Exchange, id: number, atMs: number, maxBodyBytes: number) {
    const { request, socket, raw } = exchange;
    this.#exchange = exchange;
    this.#maxBodyBytes = maxBodyBytes;
    this.headers = request.httpVersionMajor === 2 ? fieldsOf(request.headers) : request.headers;
    const target = request.url ?? '/';
    this.info = {
      id,
      atMs,
      method: request.method ?? 'GET',
      target,
      headers: headerPairs(request.rawHeaders),
      httpVersion: httpVersionOf(request),
      secure: 'encrypted' in socket,
      remoteAddress: raw.remoteAddress ?? '',
      remotePort: raw.remotePort ?? 0,
    };
    const { path, query } = parseTarget(target);
    this.path = path;
    this.query = query;
  }

  /** Who asks: `?client=`, else where from. */
  get client(): string {
    return this.query.get('client') || this.info.remoteAddress;
  }

  /** UTF-8, as browsers send it; `node:http` reads headers as Latin-1. */
  get lastEventId(): string {
    const header = this.headers['last-event-id'];
    if (header === undefined) return this.query.get('lastEventId') ?? '';
    return Buffer.from(String(header), 'latin1').toString('utf8');
  }

  /** Completes it with what its route adds. */
  withRoute({
    params,
    connection,
    user,
    random,
  }: Pick<MockRequest, 'params' | 'connection' | 'user' | 'random'>): MockRequest {
    const { info, client, lastEventId } = this;
    // Not spread: V8 would make a hidden class for each request.
    return {
      params,
      connection,
      user,
      random,
      method: info.method,
      path: this.path,
      query: this.query,
      target: info.target,
      headers: this.headers,
      httpVersion: info.httpVersion,
      secure: info.secure,
      client,
      remoteAddress: info.remoteAddress,
      lastEventId,
      body: () => this.#readBody(),
      onLeave: (callback) => this.#onLeave(callback),
    };
  }

  /** A body that nobody reads would hold its bytes on the connection for as long as the stream lives. */
  discardBody(): void {
    if (this.#body === undefined) this.#exchange.request.resume();
  }

  #readBody(): Promise<Buffer> {
    this.#body ??= readBody(this.#exchange.request, this.headers['content-length'], this.#maxBodyBytes);
    return this.#body;
  }

  #onLeave(callback: () => void): void {
    const { response } = this.#exchange;
    if (isGone(this.#exchange)) callback();
    else
      response.once('close', () => {
        if (!response.writableFinished) callback();
      });
  }
}

/** Origin form (`/path?query`), and the absolute form that proxies send. */
function parseTarget(target: string): { path: string; query: URLSearchParams } {
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  const origin = absolute ?? target;
  const mark = origin.indexOf('?');
  const path = mark < 0 ? origin : origin.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : origin.slice(mark + 1));
  try {
    return { path: decodeURIComponent(path) || '/', query };
  } catch {
    // A lone %: any path is a stream, this one as it was sent.
    return { path, query };
  }
}

/** HTTP/2 sends method, path and host beside the headers; of these, only the host is a header elsewhere. */
function fieldsOf(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const fields: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (!name.startsWith(':')) fields[name] = value;
  const authority = headers[':authority'];
  if (typeof authority === 'string') fields.host ??= authority;
  return fields;
}

function headerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    // HTTP/2 sends method, path and authority as headers.
    if (!name.startsWith(':')) pairs.push([name, raw[index + 1] ?? '']);
  }
  return pairs;
}

function httpVersionOf(request: IncomingMessage | Http2ServerRequest): '1.0' | '1.1' | '2' {
  if (request.httpVersionMajor === 2) return '2';
  return request.httpVersionMinor === 0 ? '1.0' : '1.1';
}
