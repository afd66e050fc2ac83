import type { StreamRequest } from '../../client/request.ts';
import { observe } from '../observation/observe.ts';
import { scripted } from '../ways/scripted.ts';
import type { ProbeContext, Way } from '../ways/way.ts';

/** More than a proxy needs for an answer that it doesn't hold back. */
const ANSWER_MS = 3_000;

/** The way with HTTP/1.1 alone. */
export function overHttp1(way: Way): Way {
  return withHttp(way, '1.1');
}

/**
 * The way with HTTP/2: by ALPN where it is TLS, else by prior knowledge, which no browser has: only where the user asks for it, and
 * to our own origin.
 *
 * @returns nothing where it speaks none, or nobody is to speak it
 */
export async function overHttp2(way: Way, context: ProbeContext): Promise<Way | undefined> {
  if (whyNotHttp2(way) !== undefined) return undefined;
  const tried = withHttp(way, way.request.url.protocol === 'https:' ? '2' : '2-prior-knowledge');
  const { request } = scripted(tried, { steps: [] });
  const seen = await observe(context.pool, request, {
    forMs: ANSWER_MS,
    until: ({ head }) => head !== undefined,
    signal: context.signal,
  });
  return seen.head?.http === '2' ? tried : undefined;
}

/** Why nobody is to speak HTTP/2 along this way; nothing where it is to be tried. */
export function whyNotHttp2({ name, request: { url, connection } }: Way): string | undefined {
  if (connection.http === '1.1') return 'HTTP/1.1 is asked for';
  if (name === 'direct' || url.protocol === 'https:' || connection.http === '2-prior-knowledge') {
    return undefined;
  }
  return 'over http:// no browser speaks HTTP/2; --http2-prior-knowledge checks it nevertheless';
}

function withHttp(way: Way, http: StreamRequest['connection']['http']): Way {
  return { ...way, request: { ...way.request, connection: { ...way.request.connection, http } } };
}
