import { basicAuthorization } from './basic-authorization.ts';
import { authority, unbracket } from './host.ts';
import { bypassesProxy } from './no-proxy.ts';
import type { ConnectionOptions, ConnectToRule, ResolveRule } from './request.ts';

/** An endpoint to open a TCP connection to, with the addresses to use instead of asking the resolver. */
export interface Endpoint {
  host: string;
  port: number;
  addresses?: readonly string[];
}

/** How the bytes of one request get to its server. */
export interface Route {
  /** Where the first TCP connection goes: the server, or the proxy. */
  endpoint: Endpoint;
  unixSocket?: string;
  /** `forward`: the request line carries the absolute URL. `tunnel`: CONNECT, then as if direct. */
  proxy?: {
    mode: 'forward' | 'tunnel';
    /** `host:port`, for people. */
    name: string;
    /** The proxy itself is spoken to over TLS. */
    secure: boolean;
    authorization?: string;
    /** What CONNECT asks for. */
    target: string;
  };
  /** TLS to the server itself. */
  secure: boolean;
  /** Host for SNI and the certificate check, without brackets. */
  serverHost: string;
}

export function routeTo(url: URL, options: ConnectionOptions): Route {
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const serverHost = unbracket(url.hostname);
  const route: Route = { endpoint: { host: serverHost, port }, secure, serverHost };
  if (options.unixSocket !== undefined) return { ...route, unixSocket: options.unixSocket };

  const moved = connectTo(serverHost, port, options.connectTo);
  const proxyUrl = secure ? options.proxy.https : options.proxy.http;
  if (proxyUrl === undefined || bypassesProxy(serverHost, port, options.proxy.noProxy)) {
    return { ...route, endpoint: withAddresses(moved, options.resolve) };
  }
  return { ...route, ...throughProxy(proxyUrl, secure ? 'tunnel' : 'forward', moved, options) };
}

function throughProxy(proxy: URL, mode: 'forward' | 'tunnel', target: Endpoint, options: ConnectionOptions) {
  const secure = proxy.protocol === 'https:';
  const endpoint: Endpoint = {
    host: unbracket(proxy.hostname),
    port: proxy.port === '' ? (secure ? 443 : 80) : Number(proxy.port),
  };
  const authorization = authorizationIn(proxy);
  return {
    endpoint: withAddresses(endpoint, options.resolve),
    proxy: {
      mode,
      secure,
      name: authority(endpoint),
      target: authority(target),
      ...(authorization === undefined ? {} : { authorization }),
    },
  };
}

function authorizationIn(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return basicAuthorization(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
}

function connectTo(host: string, port: number, rules: readonly ConnectToRule[]): Endpoint {
  const rule = rules.find(
    (each) =>
      (each.host === '' || sameHost(each.host, host)) && (each.port === '' || each.port === String(port)),
  );
  if (rule === undefined) return { host, port };
  return {
    host: rule.toHost === '' ? host : unbracket(rule.toHost),
    port: rule.toPort === '' ? port : Number(rule.toPort),
  };
}

function withAddresses(endpoint: Endpoint, rules: readonly ResolveRule[]): Endpoint {
  const rule = rules.find(
    (each) =>
      (each.host === '*' || sameHost(each.host, endpoint.host)) &&
      (each.port === '*' || each.port === String(endpoint.port)),
  );
  return rule === undefined ? endpoint : { ...endpoint, addresses: rule.addresses.map(unbracket) };
}

function sameHost(a: string, b: string): boolean {
  return unbracket(a).toLowerCase() === b.toLowerCase();
}
