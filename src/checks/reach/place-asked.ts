import { hostAndPort } from '../../client/host.ts';
import type { StreamRequest } from '../../client/request.ts';
import { routeTo } from '../../client/route.ts';

/** Who is asked, for people: the server's name, and what stands before it where flags lead there first. */
export function placeAsked({ url, connection }: StreamRequest): string {
  const { unixSocket, proxy } = routeTo(url, connection);
  const place = hostAndPort(url);
  if (unixSocket !== undefined) return `${place} (${unixSocket})`;
  return proxy === undefined ? place : `${place} through the proxy ${proxy.name}`;
}

/** Who takes the connection: what can't be reached is that, and not what would be asked through it. */
export function placeConnected({ url, connection }: StreamRequest): string {
  const { unixSocket, proxy } = routeTo(url, connection);
  return unixSocket ?? proxy?.name ?? hostAndPort(url);
}

/** A forward proxy stands before the server. */
export function isThroughAnother({ url, connection }: StreamRequest): boolean {
  return routeTo(url, connection).proxy !== undefined;
}

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);

/** The connection of a request goes to where the origin listens: by the URL, and by the flags that lead it elsewhere. */
export function leadsStraightTo(origin: URL, { url, connection }: StreamRequest): boolean {
  const { unixSocket, endpoint } = routeTo(url, connection);
  if (unixSocket !== undefined) return false;
  const there = routeTo(origin, {
    ...connection,
    proxy: { noProxy: [] },
    resolve: [],
    connectTo: [],
  }).endpoint;
  const hosts = endpoint.addresses ?? [endpoint.host];
  return endpoint.port === there.port && hosts.some((host) => isSameHost(host, there.host));
}

/** A request that is to lead past the proxy asks the same server for the same, as the one that is to lead through it. */
export function isSameWay(direct: StreamRequest, proxied: StreamRequest): boolean {
  const pathOf = ({ url }: StreamRequest) => `${url.pathname}${url.search}`;
  return leadsStraightTo(direct.url, proxied) && pathOf(direct) === pathOf(proxied);
}

function isSameHost(one: string, other: string): boolean {
  return one === other || (THIS_MACHINE.has(one) && THIS_MACHINE.has(other));
}
