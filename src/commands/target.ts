import { basicAuthorization } from '../client/basic-authorization.ts';
import { usageError } from '../client/errors.ts';
import { quoted } from '../notation/invalid-value.ts';
import { maskUrl } from '../results/redaction.ts';
import type { RequestTarget } from './flags/request.ts';

/** What the user's `<url>` names. */
export type Target =
  | ({ kind: 'http' } & RequestTarget)
  /** `-` */
  | { kind: 'stdin' }
  /** `demo:`, with what follows it: path and query on the embedded server. */
  | { kind: 'demo'; path: string };

/** Other words with a colon that people may try; anything else in front of a colon is a host. */
const OTHER_SCHEMES = /^(https?|wss?|ftps?|file|data|blob|mailto|unix|tcp|redis):(?!\d+(?:[/?#]|$))/i;

/**
 * Reads a URL the way curl does: the scheme may be missing, and so may the host where it is this machine.
 *
 * @param command whose URL it is, for examples
 * @throws SseKitError exit 2, with what to write instead
 */
export function parseTarget(text: string, command: 'listen' | 'bench' | 'check-proxy' = 'listen'): Target {
  const trimmed = text.trim();
  if (trimmed === '') throw usageError('the URL is empty', `For example: ssekit ${command} :3000/events`);
  if (trimmed === '-') return { kind: 'stdin' };
  if (/^curl\s/.test(trimmed)) {
    throw usageError(
      'a curl line in quotes is a single word',
      `Paste it without quotes around it: ssekit ${command} curl 'https://…' -H '…'`,
    );
  }
  if (/\s/.test(trimmed)) {
    throw usageError(
      `${shown(trimmed)} is not a URL: it contains a space`,
      'A space in a URL is written %20.',
    );
  }
  if (/^demo:/i.test(trimmed)) return { kind: 'demo', path: demoPath(trimmed.slice('demo:'.length)) };
  return { kind: 'http', ...withoutCredentials(parseUrl(withScheme(trimmed), trimmed)) };
}

/** `demo:`, `demo:/path`, `demo:?interval=50ms`. */
function demoPath(rest: string): string {
  const path = rest.replace(/^\/\//, '/');
  return path === '' || path.startsWith('/') || path.startsWith('?') ? path : `/${path}`;
}

function withScheme(text: string): string {
  const scheme = (/^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? OTHER_SCHEMES.exec(text))?.[1]?.toLowerCase();
  if (scheme !== undefined) return checkScheme(scheme, text);
  if (text.startsWith(':')) {
    if (!/^:\d+(?:[/?#]|$)/.test(text)) {
      throw usageError(
        `${shown(text)} is not a URL: a port number is missing after the colon`,
        'For example :3000/events; an IPv6 address stands in brackets: [::1]:3000/events',
      );
    }
    return `http://localhost${text}`;
  }
  if (/^[/?#]/.test(text)) {
    const rest = masked(text.startsWith('//') ? text.slice(2) : `localhost:3000${text}`);
    throw usageError(`${shown(text)} is not a URL: the host is missing`, `For example: http://${rest}`);
  }
  if (/^[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*(?:[/?#]|$)/i.test(text)) {
    throw usageError(
      `${shown(text)} is not a URL: an IPv6 address stands in brackets`,
      `For example: http://[::1]:3000/events`,
    );
  }
  return `http://${text}`;
}

function checkScheme(scheme: string, text: string): string {
  if (scheme === 'http' || scheme === 'https') {
    if (text.slice(scheme.length).startsWith('://')) return text;
    const rest = masked(text.slice(scheme.length + 1).replace(/^\/+/, ''));
    throw usageError(
      `${shown(text)} is not a URL: two slashes belong after ${scheme}:`,
      `Write ${scheme}://${rest === '' ? 'HOST/PATH' : rest}`,
    );
  }
  const message = `${scheme}: is not supported: Server-Sent Events come over http:// or https://`;
  if (scheme === 'ws' || scheme === 'wss') {
    throw usageError(message, `${scheme}:// is WebSocket, another protocol.`);
  }
  if (scheme === 'file') {
    throw usageError(message, 'A saved stream is read from standard input: ssekit listen - < FILE');
  }
  if (scheme === 'unix') {
    throw usageError(message, 'A socket file is named by a flag: --unix-socket PATH http://localhost/events');
  }
  throw usageError(message);
}

function parseUrl(address: string, text: string): URL {
  if (URL.canParse(address)) {
    const url = new URL(address);
    if (url.hostname !== '') {
      url.hash = '';
      return url;
    }
  }
  throw usageError(
    `${shown(text)} is not a URL${reasonFor(address)}`,
    'For example: http://localhost:3000/events',
  );
}

function reasonFor(address: string): string {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(address)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === '' || host.startsWith(':')) return ': the host is missing';
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) return `: ${quoted(port)} is not a port number`;
  if (port !== undefined && Number(port) > 65535) return `: port ${port} is above 65535`;
  return `: ${quoted(host)} is not a host name`;
}

function withoutCredentials(url: URL): RequestTarget {
  if (url.username === '' && url.password === '') return { url };
  const authorization = basicAuthorization(`${decoded(url.username)}:${decoded(url.password)}`);
  url.username = '';
  url.password = '';
  return { url, authorization };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % is part of the password then.
    return text;
  }
}

/** A URL as a message shows it: without its password and tokens. */
export function shown(text: string): string {
  return quoted(masked(text));
}

function masked(text: string): string {
  return text.includes('//') ? maskUrl(text) : maskUrl(`//${text}`).slice(2);
}
