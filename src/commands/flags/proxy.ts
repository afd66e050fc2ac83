import { usageError } from '../../client/errors.ts';
import type { ProxyRules } from '../../client/request.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';

/** curl's, where an `http://` proxy is given without a port. */
const DEFAULT_PORT = 1080;

/** What `-x` takes: an empty text means no proxy, not even the environment's. */
export function parseProxy(text: string): URL | 'none' {
  return text.trim() === '' ? 'none' : parseProxyUrl(text);
}

/** `[http://|https://][user:password@]host[:port]` */
export function parseProxyUrl(text: string): URL {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase() ?? 'http';
  if (/^socks/.test(scheme)) {
    throw new InvalidValue(
      `${scheme}:// proxies are not supported`,
      'Only http:// and https:// proxies are. A tunnel (ssh -L) with --connect-to reaches the same host.',
    );
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new InvalidValue(`${scheme}:// is not a proxy`, 'Write http://host:port or https://host:port.');
  }
  const address = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '') {
    throw new InvalidValue(`${quoted(withoutPassword(text))} is not a proxy`, 'Write http://host:port.');
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw new InvalidValue('a % in user or password must be written %25');
  }
  // URL drops `:80` of http, which was asked for all the same.
  const portGiven = /^[a-z]+:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^:/[\]]+):\d/i.test(address);
  if (url.protocol === 'http:' && !portGiven) url.port = String(DEFAULT_PORT);
  return url;
}

/** `host,.suffix,10.0.0.0/8,*`. */
export function parseNoProxy(text: string): readonly string[] {
  return text
    .split(/[,\s]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** What `-x` and `--noproxy` say, else the environment; lower-case names win, as in curl. */
export function proxyRules(
  flags: { proxy?: URL | 'none'; noproxy?: readonly string[] },
  env: NodeJS.ProcessEnv,
  target: URL,
): ProxyRules {
  const noProxy = flags.noproxy ?? parseNoProxy(env.no_proxy ?? env.NO_PROXY ?? '');
  if (flags.proxy === 'none' || noProxy.includes('*')) return { noProxy };
  if (flags.proxy !== undefined) return { http: flags.proxy, https: flags.proxy, noProxy };
  const http = fromEnvironment(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'], env);
  const https = fromEnvironment(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'], env);
  // A proxy that can't be used matters only to a request that would take it; a redirect to the other scheme is rare.
  const needed = target.protocol === 'https:' ? https : http;
  if (needed instanceof InvalidValue) throw usageError(needed.message, needed.hint);
  return {
    ...(http instanceof URL ? { http } : {}),
    ...(https instanceof URL ? { https } : {}),
    noProxy,
  };
}

function fromEnvironment(names: readonly string[], env: NodeJS.ProcessEnv): URL | InvalidValue | undefined {
  const name = names.find((each) => (env[each] ?? '') !== '');
  if (name === undefined) return undefined;
  try {
    return parseProxyUrl(env[name] ?? '');
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return new InvalidValue(
      `${name} in the environment: ${error.message}`,
      error.hint === undefined ? undefined : `${error.hint} --noproxy '*' goes without.`,
    );
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // That is the answer: a lone % or bytes that are no UTF-8.
    return false;
  }
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:/@]*@/, ':•••@');
}
