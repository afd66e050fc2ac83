import type { StreamRequest } from '../client/request.ts';
import { observe } from './observe.ts';
import { scripted } from './scripted.ts';
import type { ProbeContext, Way } from './way.ts';

/** More than a proxy needs for an answer that it doesn't hold back. */
const ANSWER_MS = 3_000;

/** The way with HTTP/1.1 alone. */
export function overHttp1(way: Way): Way {
  return withHttp(way, '1.1');
}

/**
 * The way with HTTP/2: by ALPN where it is TLS, else by prior knowledge.
 *
 * @returns nothing where it speaks none, or the user wants none
 */
export async function overHttp2(way: Way, context: ProbeContext): Promise<Way | undefined> {
  if (way.request.connection.http === '1.1') return undefined;
  const tried = withHttp(way, way.request.url.protocol === 'https:' ? '2' : '2-prior-knowledge');
  const { request } = scripted(tried, { steps: [] });
  const seen = await observe(context.pool, request, {
    forMs: ANSWER_MS,
    until: ({ head }) => head !== undefined,
    signal: context.signal,
  });
  return seen.head?.http === '2' ? tried : undefined;
}

function withHttp(way: Way, http: StreamRequest['connection']['http']): Way {
  return { ...way, request: { ...way.request, connection: { ...way.request.connection, http } } };
}
