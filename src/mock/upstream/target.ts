/** Parameters that ask this server for something: the one behind it has not heard of them. */
const OWN_PARAMETERS = new Set(['fault', 'split-gap']);

/**
 * Where a request goes: its path below that of the upstream, its query behind the upstream's, without this server's
 * own parameters. `/` is the upstream's own path, so that `--upstream http://host/events` can be asked for without
 * knowing more. No path leads out of the upstream's.
 *
 * @param target as in the request line: path and query, or a whole URL
 * @param parameters of the query that are passed on: this server's own too, or not
 */
export function upstreamUrl(
  upstream: URL,
  target: string,
  parameters: 'all' | 'without ours' = 'without ours',
): URL {
  const [path = '', ...rest] = withoutOrigin(target).split('?');
  const own = rest
    .join('?')
    .split('&')
    .filter((each) => parameters === 'all' || !isOurs(each));
  const base = upstream.pathname.replace(/\/$/, '');
  const url = new URL(upstream.origin);
  // Resolves what climbs (`..`), here where there is nothing above.
  url.pathname = path;
  url.pathname = url.pathname === '/' ? upstream.pathname : `${base}${url.pathname}`;
  url.search = [upstream.search.slice(1), ...own].filter((part) => part !== '').join('&');
  return url;
}

/**
 * A `Location` that leads to the upstream leads to this server instead: a client that followed it would be past the
 * faults. Any other stays as it is.
 */
export function locationHere(upstream: URL, location: string): string {
  if (!URL.canParse(location)) return location;
  const url = new URL(location);
  if (url.origin !== upstream.origin) return location;
  const base = upstream.pathname.replace(/\/$/, '');
  const isBelow = url.pathname === base || url.pathname.startsWith(`${base}/`);
  if (!isBelow) return location;
  const path = url.pathname.slice(base.length);
  return `${path === '' ? '/' : path}${url.search}${url.hash}`;
}

/** A client that takes this server for a forward proxy sends a whole URL (RFC 9112 §3.2.2). */
function withoutOrigin(target: string): string {
  if (target.startsWith('/')) return target;
  if (!URL.canParse(target)) return '/';
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

function isOurs(parameter: string): boolean {
  return OWN_PARAMETERS.has(parameter.split('=', 1)[0] ?? '');
}
