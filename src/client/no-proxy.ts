import { BlockList, isIP } from 'node:net';
import { unbracket } from './host.ts';

/**
 * Whether a host is to be reached without a proxy, by the rules that curl applies to `NO_PROXY`: `*`, a name
 * and its subdomains (a leading dot changes nothing), an address, a CIDR range; each with an optional `:port`.
 */
export function bypassesProxy(hostname: string, port: number, noProxy: readonly string[]): boolean {
  const host = unbracket(hostname).toLowerCase().replace(/\.$/, '');
  return noProxy.some((entry) => matches(host, port, entry.trim().toLowerCase()));
}

function matches(host: string, port: number, entry: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const range = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (range !== null) return inRange(host, unbracket(range[1] ?? ''), Number(range[2]));
  const [name, wantedPort] = splitPort(entry);
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const suffix = name.replace(/^\*?\./, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return host === suffix;
  return host === suffix || host.endsWith(`.${suffix}`);
}

function inRange(host: string, network: string, prefix: number): boolean {
  const family = isIP(host);
  if (family === 0 || family !== isIP(network) || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(host, type);
}

function splitPort(entry: string): [name: string, port: number | undefined] {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null)
    return [bracketed[1] ?? '', bracketed[2] === undefined ? undefined : Number(bracketed[2])];
  if (isIP(entry) !== 0) return [entry, undefined];
  const named = /^(.*):(\d+)$/.exec(entry);
  return named === null ? [entry, undefined] : [named[1] ?? '', Number(named[2])];
}
