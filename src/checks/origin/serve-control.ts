import type { Exchange } from '../../mock/http/incoming.ts';
import {
  CLOCK_HEADER,
  CLOCK_PATH,
  CONTROL_PREFIX,
  PROTOCOL_HEADER,
  STRAYS_PATH,
  speakerText,
  VISITS_PATH,
} from './control.ts';
import { isSameSecret } from './probe-token.ts';
import type { VisitLog } from './visit-log.ts';

/** What the control channel answers from, and to whom. */
export interface Control {
  log: VisitLog;
  token: string;
  /** Of this program. */
  version: string;
}

interface Answer {
  status: number;
  body: unknown;
}

export function isControl({ request }: Exchange): boolean {
  return request.url?.startsWith(CONTROL_PREFIX) ?? false;
}

/** Answers what came over the control channel. Without the token nothing of the log is said, not even whether a path is known. */
export function serveControl(exchange: Exchange, { log, token, version }: Control): void {
  const now = log.now();
  const { request, response } = exchange;
  request.resume();
  response.on('error', () => {});
  const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
  const admitted = given !== undefined && isSameSecret(given, token);
  const { status, body } = admitted ? answerTo(exchange, log) : refusal(given !== undefined);
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    [PROTOCOL_HEADER]: speakerText(version),
    ...(admitted ? { [CLOCK_HEADER]: String(now) } : { 'WWW-Authenticate': 'Bearer' }),
  });
  response.end(text);
}

function answerTo({ request }: Exchange, log: VisitLog): Answer {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin');
  if (request.method !== 'GET') return { status: 405, body: { error: 'GET alone is answered' } };
  switch (pathname) {
    case CLOCK_PATH:
      return { status: 200, body: {} };
    case VISITS_PATH:
      return { status: 200, body: log.of(searchParams.get('key') ?? '') };
    case STRAYS_PATH:
      return { status: 200, body: log.strays };
    default:
      return { status: 404, body: { error: 'nothing is known by that name' } };
  }
}

function refusal(given: boolean): Answer {
  const error = given
    ? 'the token is wrong: ssekit serve-mock --probe has printed the right one'
    : 'a token is needed: Authorization: Bearer TOKEN, as ssekit serve-mock --probe has printed it';
  return { status: 401, body: { error } };
}
