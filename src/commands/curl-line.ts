import { bracket } from '../client/host.ts';
import type { StreamRequest } from '../client/request.ts';
import { routeTo } from '../client/route.ts';
import { MASK, maskBody, maskHeaders, maskUrl } from '../results/redaction.ts';
import type { RequestFlags } from './flags/request-flags.ts';

/** What curl would send that we don't, unless told. */
const CURL_DEFAULTS = ['User-Agent', 'Accept'];

/** Above this curl waits for `100 Continue` before it sends a body. */
const EXPECT_LIMIT_BYTES = 1024 ** 2;

export interface CurlLineOptions {
  lastEventId: string;
  /** Files are named as the user named them. */
  flags: RequestFlags;
  include: boolean;
  maxTimeMs: number;
  mask: boolean;
}

/** The curl command that sends the same request to the same place, quoted for a POSIX shell. */
export function curlLine(request: StreamRequest, options: CurlLineOptions): string {
  const { mask } = options;
  const words = ['curl', '-N', quote(mask ? maskUrl(request.url.href) : request.url.href)];
  // Brackets and braces are patterns to curl.
  if (/[[\]{}]/.test(request.url.pathname + request.url.search)) words.push('-g');
  const implied = request.body === undefined ? 'GET' : 'POST';
  if (request.method !== implied) words.push('-X', quote(request.method));
  words.push(...headerWords(request, options));
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  let prefix = '';
  if (body !== undefined) {
    const plain = body.toString('utf8');
    // A word of a shell holds no NUL, and a terminal may change what isn't UTF-8.
    const isText = !plain.includes('\0') && Buffer.from(plain).equals(body);
    const text = mask ? maskBody(plain) : plain;
    if (!isText && !mask) {
      prefix = `printf ${quote(octal(body))} | `;
      words.push('--data-binary', '@-');
    } else words.push(text.startsWith('@') ? '--data-raw' : '--data-binary', quote(text));
  }
  if (request.maxRedirects > 0) {
    const limit = Number.isFinite(request.maxRedirects) ? request.maxRedirects : -1;
    words.push('-L', '--max-redirs', String(limit));
  }
  words.push(...connectionWords(request, options), ...tlsWords(options.flags, mask));
  if (options.include) words.push('-i');
  if (options.maxTimeMs > 0) words.push('-m', seconds(options.maxTimeMs));
  return prefix + words.join(' ');
}

function headerWords(request: StreamRequest, { lastEventId, mask }: CurlLineOptions): string[] {
  const shown = mask ? maskHeaders(request.headers) : request.headers;
  const present = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const lines = shown.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`));
  if (lastEventId !== '') lines.push(`Last-Event-ID: ${lastEventId}`);
  const unwanted = CURL_DEFAULTS.filter((name) => !present.has(name.toLowerCase()));
  if (request.body !== undefined && !present.has('content-type')) unwanted.push('Content-Type');
  if ((request.body?.length ?? 0) > EXPECT_LIMIT_BYTES) unwanted.push('Expect');
  const words = [...lines, ...unwanted.map((name) => `${name}:`)].flatMap((line) => ['-H', quote(line)]);
  return present.has('accept-encoding') ? [...words, '--compressed'] : words;
}

function connectionWords(request: StreamRequest, { flags, mask }: CurlLineOptions): string[] {
  const { connection } = request;
  const words: string[] = [];
  if (connection.http !== 'auto') {
    words.push(
      { '1.1': '--http1.1', '2': '--http2', '2-prior-knowledge': '--http2-prior-knowledge' }[connection.http],
    );
  }
  if (connection.family !== 0) words.push(`-${connection.family}`);
  for (const { host, port, addresses } of connection.resolve) {
    words.push('--resolve', quote(`${bracket(host)}:${port}:${addresses.map(bracket).join(',')}`));
  }
  for (const { host, port, toHost, toPort } of connection.connectTo) {
    words.push('--connect-to', quote(`${bracket(host)}:${port}:${bracket(toHost)}:${toPort}`));
  }
  if (connection.unixSocket !== undefined) words.push('--unix-socket', quote(connection.unixSocket));
  // The proxy may come from the environment, which whoever runs the line need not share.
  const { proxy } = routeTo(request.url, connection);
  const url = request.url.protocol === 'https:' ? connection.proxy.https : connection.proxy.http;
  if (proxy !== undefined && url !== undefined) {
    // Without a path, and with the port even where it is the scheme's own: curl's default is another.
    const address = `${url.protocol}//${userInfo(url)}${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
    words.push('-x', quote(mask ? maskUrl(address) : address));
  } else if (flags.noproxy !== undefined || flags.proxy === 'none') words.push('--noproxy', quote('*'));
  if (flags.connectTimeout !== undefined) words.push('--connect-timeout', seconds(flags.connectTimeout));
  return words;
}

function tlsWords(flags: RequestFlags, mask: boolean): string[] {
  const words: string[] = [];
  if (flags.insecure === true) words.push('-k');
  if (flags.cacert !== undefined) words.push('--cacert', quote(flags.cacert));
  if (flags.cert !== undefined) {
    const { path, passphrase } = flags.cert;
    const file = path.replace(/[\\:]/g, '\\$&');
    words.push('--cert', quote(passphrase === undefined ? file : `${file}:${mask ? MASK : passphrase}`));
  }
  if (flags.key !== undefined) words.push('--key', quote(flags.key));
  return words;
}

function userInfo(url: URL): string {
  if (url.username === '' && url.password === '') return '';
  return `${url.username}:${url.password}@`;
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** For printf: every byte that isn't a plain letter or digit as an octal escape. */
function octal(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

function quote(word: string): string {
  return /^[A-Za-z0-9_\-./:=@,+]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
