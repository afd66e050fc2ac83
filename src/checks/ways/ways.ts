import type { ConnectionOptions, StreamRequest } from '../../client/request.ts';
import type { Origin } from '../origin/visit.ts';
import type { Way } from './way.ts';

/** Both ways to the origin. */
export interface Ways {
  direct: Way;
  proxied: Way;
}

/** What an origin that listens at every address of its machine is reached by from there. */
const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

/** @param proxied a request through the proxy; the direct one differs by where it goes, and how it gets there */
export function waysOf(proxied: StreamRequest, { url: origin, sign }: Pick<Origin, 'url' | 'sign'>): Ways {
  const { hostname, port } = new URL(origin);
  const url = new URL(proxied.url);
  url.protocol = 'http:';
  url.hostname = EVERY_ADDRESS[hostname] ?? hostname;
  url.port = port;
  const headers = proxied.headers.filter(([name]) => name.toLowerCase() !== 'host');
  const direct: StreamRequest = {
    ...proxied,
    url,
    headers,
    connection: withoutDetours(proxied.connection),
  };
  return {
    direct: { name: 'direct', request: direct, sign },
    proxied: { name: 'proxied', request: proxied, sign },
  };
}

/** What leads to the proxy, or through another one, leads away from the origin. */
export function withoutDetours({ unixSocket: _, ...connection }: ConnectionOptions): ConnectionOptions {
  return { ...connection, http: 'auto', family: 0, resolve: [], connectTo: [], proxy: { noProxy: [] } };
}
