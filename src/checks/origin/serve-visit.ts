import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { headerValue } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import { hangUp } from '../../mock/http/hang-up.ts';
import { sendHead } from '../../mock/http/head.ts';
import { type Exchange, isGone } from '../../mock/http/incoming.ts';
import { endpointText } from './endpoint-text.ts';
import { type OriginScript, SCRIPT_PARAMETER, UID_HEADER } from './script.ts';
import { type IsSigned, scriptOf } from './script-text.ts';
import { followSteps } from './steps.ts';
import type { SeenRequest, Visit } from './visit.ts';
import type { VisitLog } from './visit-log.ts';

const USUAL: readonly HeaderPair[] = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
];

/** Connections by their number, and how many requests they have carried, for as long as they live. */
const carried = new WeakMap<Socket, { connection: number; nth: number }>();
let connections = 0;

/**
 * Answers a request as its script says; one without a script that is signed, and still good, is a stray. It gets 404, unless it is
 * what looks after servers asks: who finds this one unhealthy would send nothing here.
 */
export function serveVisit(exchange: Exchange, log: VisitLog, isSigned: IsSigned): void {
  const { request, response } = exchange;
  const seen = seenRequest(exchange);
  const place = placeOf(exchange.raw);
  const script = scriptOf(seen.target, isSigned);
  if (script === undefined) {
    log.strayed(seen);
    request.resume();
    const status = isHealthCheck(seen) ? 200 : 404;
    response.writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
    response.end('the origin of ssekit check-proxy: it answers requests of its own only\n');
    return;
  }
  const visit = log.arrived({
    uid: randomUUID(),
    key: script.key,
    request: seen,
    ...peerOf(exchange.raw),
    ...place,
  });
  noteBody(exchange, visit, log);
  const left = new AbortController();
  const gone = () => {
    left.abort();
    visit.end ??= { by: 'left', atMs: log.now() };
  };
  response.once('close', gone);
  response.on('error', gone);
  void answer(exchange, script, visit, log, left.signal);
}

const HEALTH_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whatever its path: nothing of ours, and no stream. */
function isHealthCheck({ method, target, headers }: SeenRequest): boolean {
  const accept = headerValue(headers, 'accept') ?? '';
  return (
    HEALTH_METHODS.has(method) &&
    !target.includes(`${SCRIPT_PARAMETER}=`) &&
    !accept.includes('text/event-stream')
  );
}

async function answer(
  exchange: Exchange,
  script: OriginScript,
  visit: Visit,
  log: VisitLog,
  left: AbortSignal,
): Promise<void> {
  const { response } = exchange;
  try {
    if (script.head !== 'never') {
      if (script.earlyHints === true) await hint(exchange);
      if (isGone(exchange)) return;
      const status = script.status ?? 200;
      const headers = [...headersOf(script, visit.uid)];
      if (script.head === 'with the body') {
        for (const [name, value] of headers) response.setHeader(name, value);
        response.statusCode = status;
      } else {
        sendHead(exchange, status, headers);
        visit.headAtMs = log.now();
      }
    }
    const how = await followSteps(script.steps, { exchange, visit, log, left });
    if (left.aborted) return;
    visit.end = { by: 'script', atMs: log.now() };
    if (how === 'reset') hangUp(exchange, 'reset');
    // To end an answer without a head would send one.
    else if (how === 'fin' || script.head === 'never') hangUp(exchange, 'cut');
    else response.end();
  } catch (error) {
    // The other side left in the middle of a write, which `close` tells; anything else is a fault of ours.
    if (!left.aborted && !isGone(exchange)) throw error;
  }
}

async function hint({ response }: Exchange): Promise<void> {
  const hints = { link: '</ssekit>; rel=preload' };
  if ('stream' in response) response.writeEarlyHints(hints);
  else await new Promise<void>((resolve) => response.writeEarlyHints(hints, resolve));
}

/** The usual ones, those of the script instead or besides, and the uid. */
function headersOf({ headers = [] }: OriginScript, uid: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of [...USUAL, ...headers, [UID_HEADER, uid] as const]) {
    const known = [...all.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
    if (known !== undefined) all.delete(known);
    if (value !== '') all.set(name, value);
  }
  return all;
}

/** The body is read as it comes, so that a proxy may send it. */
function noteBody({ request }: Exchange, visit: Visit, log: VisitLog): void {
  request.on('data', () => {
    visit.bodyFromMs ??= log.now();
  });
  request.once('end', () => {
    visit.bodyToMs = log.now();
  });
  // The client left in the middle of it, which the answer's `close` tells.
  request.on('error', () => {});
}

function seenRequest({ request }: Exchange): SeenRequest {
  const { rawHeaders } = request;
  const headers: HeaderPair[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // Those of HTTP/2 that are no headers.
    if (!name.startsWith(':')) headers.push([name, rawHeaders[at + 1] ?? '']);
  }
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    httpVersion: request.httpVersionMajor === 2 ? '2' : request.httpVersion === '1.0' ? '1.0' : '1.1',
    headers,
  };
}

/** Of the request that has just come on this connection. */
function placeOf(socket: Socket): { connection: number; nth: number } {
  const before = carried.get(socket);
  if (before === undefined) connections += 1;
  const place = { connection: before?.connection ?? connections, nth: (before?.nth ?? 0) + 1 };
  carried.set(socket, place);
  return place;
}

function peerOf({ remoteAddress, remotePort }: Socket): { peer?: string } {
  return remoteAddress === undefined || remotePort === undefined
    ? {}
    : { peer: endpointText(remoteAddress, remotePort) };
}
