import { usageError } from '../../client/errors.ts';
import type { HeaderPair } from '../../client/records.ts';
import type { ConnectionOptions, StreamRequest } from '../../client/request.ts';
import { VERSION } from '../version.ts';
import { filterAcceptEncoding } from './accept-encoding.ts';
import { buildBody, type RequestBody } from './body.ts';
import { authorizationOf } from './credentials.ts';
import type { FileReader } from './files.ts';
import { mergeHeaders, readHeaderFiles, takeHeader } from './headers.ts';
import { proxyRules } from './proxy.ts';
import type { RequestFlags } from './request-flags.ts';
import { tlsOptions } from './tls.ts';

/** As in curl. */
const CONNECT_TIMEOUT_MS = 300_000;
const MAX_REDIRECTS = 20;
/** A larger event is an error, unless a flag allows it. */
export const MAX_EVENT_SIZE_BYTES = 16 * 1024 ** 2;

/** Where the request goes, with the credentials that stood in the URL. */
export interface RequestTarget {
  url: URL;
  authorization?: string;
}

export interface BuiltRequest {
  request: StreamRequest;
  /** From a `Last-Event-ID` header; empty where there was none. */
  lastEventId: string;
  /** What was left out or changed on the way, a sentence each. */
  notes: string[];
}

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  files: FileReader;
}

/**
 * Turns parsed flags into a request that needs no further checks.
 *
 * @throws SseKitError exit 2 for files that can't be read and flags that exclude each other
 */
export async function buildRequest(
  target: RequestTarget,
  flags: RequestFlags,
  { env, files }: Surroundings,
): Promise<BuiltRequest> {
  const body = await buildBody(flags.data ?? [], files);
  const authorization = (await authorizationOf(flags, env, files)) ?? target.authorization;
  const edits = await readHeaderFiles(flags.header ?? [], files);
  const merged = mergeHeaders(defaultHeaders(flags, body, authorization), edits);
  const compressed = await withAcceptEncoding(merged.headers, flags.compressed ?? false);
  const { values: ids, rest: headers } = takeHeader(compressed.headers, 'last-event-id');
  if (ids.length > 1) throw usageError('--header: Last-Event-ID is given twice');
  const { connection, notes } = await connectionOptions(target.url, flags, { env, files });
  const request: StreamRequest = {
    url: target.url,
    method: flags.request ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    connection,
    maxRedirects: flags.maxRedirs ?? MAX_REDIRECTS,
    idleTimeoutMs: flags.idleTimeout ?? 0,
    maxEventSizeBytes: flags.maxEventSize ?? MAX_EVENT_SIZE_BYTES,
  };
  if (body !== undefined) request.body = body.bytes;
  return { request, lastEventId: ids[0] ?? '', notes: [...merged.notes, ...compressed.notes, ...notes] };
}

/** Everything that an `-H` of the user's replaces or removes. */
function defaultHeaders(
  flags: RequestFlags,
  body: RequestBody | undefined,
  authorization: string | undefined,
): HeaderPair[] {
  const headers: HeaderPair[] = [
    ['Accept', 'text/event-stream'],
    ['Cache-Control', 'no-cache'],
  ];
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') headers.push([name, value]);
  };
  set('User-Agent', flags.userAgent ?? `ssekit/${VERSION}`);
  set('Authorization', authorization);
  set('Referer', flags.referer);
  set('Cookie', (flags.cookie ?? []).filter((each) => each !== '').join('; '));
  set('Content-Type', body?.contentType);
  return headers;
}

/** The decoders take time to load and are asked only where the answer matters. */
async function withAcceptEncoding(headers: readonly HeaderPair[], compressed: boolean) {
  const given = headers.some(([name]) => name.toLowerCase() === 'accept-encoding');
  if (!given && !compressed) return { headers, notes: [] };
  const { DECODABLE_CODINGS } = await import('../../client/content-coding.ts');
  if (given) return filterAcceptEncoding(headers, DECODABLE_CODINGS);
  return { headers: [...headers, ['Accept-Encoding', DECODABLE_CODINGS.join(', ')] as const], notes: [] };
}

async function connectionOptions(
  url: URL,
  flags: RequestFlags,
  { env, files }: Surroundings,
): Promise<{ connection: ConnectionOptions; notes: string[] }> {
  const notes: string[] = [];
  let http = flags.http ?? 'auto';
  if (http === '2' && url.protocol === 'http:') {
    http = 'auto';
    notes.push('--http2 is left out: over http:// only --http2-prior-knowledge can speak HTTP/2');
  }
  const connection: ConnectionOptions = {
    http,
    family: flags.family === undefined ? 0 : flags.family === '4' ? 4 : 6,
    resolve: flags.resolve ?? [],
    connectTo: flags.connectTo ?? [],
    proxy: proxyRules(flags, env, url),
    tls: await tlsOptions(flags, files),
    connectTimeoutMs: flags.connectTimeout ?? CONNECT_TIMEOUT_MS,
  };
  if (flags.unixSocket !== undefined) connection.unixSocket = flags.unixSocket;
  return { connection, notes };
}
