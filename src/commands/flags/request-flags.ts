import type { ConnectToRule, HttpVersion, ResolveRule } from '../../client/request.ts';
import { parseCount } from '../../notation/count.ts';
import { parseDuration, parseSeconds } from '../../notation/duration.ts';
import { InvalidValue, quoted } from '../../notation/invalid-value.ts';
import { parseSize } from '../../notation/size.ts';
import type { DataPart } from './body.ts';
import { parseCookie } from './cookie.ts';
import { parseToken, parseUser } from './credentials.ts';
import { parseFileName } from './files.ts';
import { Flag } from './flag.ts';
import { type HeaderEdit, parseHeader, parseHeaderValue } from './headers.ts';
import { parseNoProxy, parseProxy } from './proxy.ts';
import { parseConnectTo, parseResolve } from './routing.ts';
import { type CertificateFile, parseCertificate } from './tls.ts';

/** The request flags as parsed: every key may be absent. */
export interface RequestFlags {
  url?: string[];
  request?: string;
  header?: HeaderEdit[];
  data?: DataPart[];
  user?: string;
  bearer?: string;
  bearerFile?: string;
  bearerEnv?: string;
  cookie?: string[];
  userAgent?: string;
  referer?: string;
  compressed?: boolean;
  maxRedirs?: number;
  idleTimeout?: number;
  maxEventSize?: number;
  connectTimeout?: number;
  http?: HttpVersion;
  family?: '4' | '6';
  resolve?: ResolveRule[];
  connectTo?: ConnectToRule[];
  unixSocket?: string;
  proxy?: URL | 'none';
  noproxy?: readonly string[];
  insecure?: boolean;
  cacert?: string;
  cert?: CertificateFile;
  key?: string;
}

export const REQUEST = 'Request:';
export const CONNECTION = 'Connection:';
export const TLS = 'TLS:';

/** An event becomes a string, and V8 holds none longer than about 512 MB. */
const LARGEST_EVENT = 256 * 1024 ** 2;

/**
 * The flags of every command that connects: curl's names and meanings, so that a pasted line works unchanged.
 *
 * @param defaults as help tells them
 */
export function requestFlags({ connectTimeout = '5m' }: { connectTimeout?: string } = {}): Flag[] {
  return [...messageFlags(), ...connectionFlags(connectTimeout), ...tlsFlags(), ...silentlyAccepted()];
}

function messageFlags(): Flag[] {
  const group = REQUEST;
  return [
    new Flag('-X, --request <method>', 'GET; POST where there is data', { group, parse: parseMethod }),
    new Flag('-H, --header <line>', "'Name: value', 'Name:' removes, 'Name;' sends empty, @FILE", {
      group,
      repeat: true,
      parse: parseHeader,
      guarded: isFile,
    }),
    dataFlag('-d, --data <data>', 'body, @FILE or @-; several are joined by &', 'data'),
    dataFlag('--data-raw <data>', 'body; @ means nothing', 'raw'),
    dataFlag('--data-binary <data>', 'body, @FILE as it is', 'binary'),
    dataFlag('--data-urlencode <data>', 'body, form-encoded: TEXT, NAME=TEXT, NAME@FILE', 'urlencode'),
    dataFlag('--json <data>', 'body, @FILE or @-, as application/json', 'json'),
    new Flag('--bearer <token>', 'Authorization: Bearer TOKEN', { group, parse: parseToken }),
    new Flag('--bearer-file <file>', 'the token from a file, - for standard input', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--bearer-env <name>', 'the token from the environment', { group, guarded: true }),
    new Flag('-u, --user <user:password>', 'Basic authentication', { group, parse: parseUser }),
    new Flag('-b, --cookie <cookies>', "'name=value; name=value'", {
      group,
      repeat: true,
      parse: parseCookie,
    }),
    new Flag('-A, --user-agent <name>', 'instead of ssekit/VERSION', {
      group,
      parse: (text) => parseHeaderValue(text, 'User-Agent'),
    }),
    new Flag('-e, --referer <url>', 'Referer header', { group, parse: parseReferer }),
    new Flag('--compressed', 'ask for a compressed stream', { group }),
    new Flag('--max-redirs <n>', 'redirects followed (20); -1: any number', { group, parse: parseRedirects }),
    new Flag('--url <url>', 'the URL, where it is not an argument', { group, repeat: true }),
  ];
}

function dataFlag(flags: string, description: string, kind: DataPart['kind']): Flag {
  return new Flag(flags, description, {
    group: REQUEST,
    as: 'data',
    repeat: true,
    parse: (text): DataPart => ({ kind, text }),
    guarded: (text) => (kind === 'urlencode' ? /^[^=]*@[^=]*$/.test(text) : kind !== 'raw' && isFile(text)),
  });
}

function connectionFlags(connectTimeout: string): Flag[] {
  const group = CONNECTION;
  const version = (flags: string, description: string, preset: HttpVersion) =>
    new Flag(flags, description, { group, as: 'http', preset });
  return [
    new Flag('--connect-timeout <time>', `DNS, TCP, proxy and TLS together (${connectTimeout})`, {
      group,
      parse: (text) => parseSeconds(text),
    }),
    version('--http1.1', 'HTTP/1.1 only', '1.1'),
    version('--http2', 'HTTP/2 where TLS offers it, which is the default', '2'),
    version('--http2-prior-knowledge', 'HTTP/2 without asking first', '2-prior-knowledge'),
    new Flag('-4, --ipv4', 'IPv4 addresses only', { group, as: 'family', preset: '4', parse: parseFamily }),
    new Flag('-6, --ipv6', 'IPv6 addresses only', { group, as: 'family', preset: '6', parse: parseFamily }),
    new Flag('--resolve <host:port:addr>', 'use this address for that host', {
      group,
      guarded: true,
      repeat: true,
      parse: parseResolve,
    }),
    new Flag('--connect-to <h:p:h2:p2>', 'connect there instead; Host and TLS name stay', {
      group,
      guarded: true,
      repeat: true,
      parse: parseConnectTo,
    }),
    new Flag('--unix-socket <path>', 'connect to a socket file', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('-x, --proxy <url>', 'http:// or https:// proxy, user:password@ allowed', {
      group,
      guarded: true,
      parse: parseProxy,
    }),
    new Flag('--noproxy <hosts>', 'comma list of hosts reached directly; * for all', {
      group,
      guarded: true,
      parse: parseNoProxy,
    }),
  ];
}

/** Limits on a stream, beside the flags that make up its request. */
export function limitFlags(group: string): Flag[] {
  return [
    new Flag('--idle-timeout <time>', 'no byte for so long ends the attempt; a comment counts', {
      group,
      parse: (text) => parseDuration(text),
    }),
    new Flag('--max-event-size <size>', 'a larger event is an error (16MB)', {
      group,
      parse: (text) => parseSize(text, { minBytes: 1, maxBytes: LARGEST_EVENT }),
    }),
  ];
}

function tlsFlags(): Flag[] {
  const group = TLS;
  return [
    new Flag('-k, --insecure', 'accept any certificate', { group, guarded: true }),
    new Flag('--cacert <file>', 'trust these certificates (PEM) instead of the built-in ones', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
    new Flag('--cert <file[:password]>', 'client certificate (PEM)', {
      group,
      guarded: true,
      parse: parseCertificate,
    }),
    new Flag('--key <file>', 'its key (PEM), where the file has none', {
      group,
      guarded: true,
      parse: parseFileName,
    }),
  ];
}

/** Flags that a pasted line may carry and that change nothing here. */
function silentlyAccepted(): Flag[] {
  const quiet = (flags: string) =>
    new Flag(flags, 'accepted, without effect', { group: REQUEST, hidden: true });
  return [
    quiet('-L, --location'),
    quiet('-S, --show-error'),
    quiet('-g, --globoff'),
    quiet('-N, --no-buffer'),
  ];
}

/** `@FILE`: what is sent is read from there. */
function isFile(text: string): boolean {
  return text.startsWith('@');
}

function parseMethod(text: string): string {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)) {
    throw new InvalidValue(`${quoted(text)} is not an HTTP method`, 'For example GET or POST.');
  }
  if (/^(head|connect|trace)$/i.test(text)) {
    throw new InvalidValue(
      `the answer to ${text.toUpperCase()} is never a stream`,
      '-i shows the response headers of a GET.',
    );
  }
  return text;
}

/** curl's `-e 'url;auto'` sets Referer anew on redirects; the url is what counts. */
function parseReferer(text: string): string {
  return parseHeaderValue(text.replace(/;auto$/, ''), 'Referer');
}

function parseRedirects(text: string): number {
  return text.trim() === '-1' ? Number.POSITIVE_INFINITY : parseCount(text);
}

function parseFamily(text: string, previous: unknown): string {
  if (previous !== undefined && previous !== text) {
    throw new InvalidValue(
      '-4 and -6 exclude each other',
      'Without either, both kinds of address are tried.',
    );
  }
  return text;
}
