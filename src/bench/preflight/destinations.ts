import { isIP, isIPv4 } from 'node:net';
import { authority } from '../../client/host.ts';
import { routeTo } from '../../client/route.ts';
import type { RequestRecipe } from '../options.ts';
import { connectionOf } from '../recipe.ts';

/** Where connections go: a server, or the proxy in front of it. */
export interface Destination {
  /** `host:port`. */
  name: string;
  host: string;
  port: number;
  /** Of all streams, 0 to 1. */
  share: number;
  /** The ones to use, where they need no name server. */
  addresses?: readonly string[];
}

/**
 * The TCP endpoints that a run connects to, each once. A unix socket has none; neither has a URL whose host comes from a
 * column of the users' file.
 */
export function destinationsOf(request: RequestRecipe): Destination[] {
  const found = new Map<string, Destination>();
  for (const text of request.urls) {
    if (!URL.canParse(text)) continue;
    const { endpoint, unixSocket } = routeTo(new URL(text), connectionOf(request));
    if (unixSocket !== undefined) continue;
    const name = authority(endpoint);
    const share = 1 / request.urls.length + (found.get(name)?.share ?? 0);
    const addresses = endpoint.addresses ?? (isIP(endpoint.host) === 0 ? undefined : [endpoint.host]);
    found.set(name, {
      name,
      host: endpoint.host,
      port: endpoint.port,
      share,
      ...(addresses === undefined ? {} : { addresses }),
    });
  }
  return [...found.values()];
}

/** In 127.0.0.0/8, all of which is this machine. */
export function isIpv4Loopback(address: string): boolean {
  return isIPv4(address) && address.startsWith('127.');
}

/** This machine: a server there shares its cores and memory with the load. */
export function isLoopback(address: string): boolean {
  return isIpv4Loopback(address) || address === '::1';
}
