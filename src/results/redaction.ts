/** What stands in place of a secret. */
export const MASK = '•••';

type Pair = readonly [name: string, value: string];

/** Headers whose names look like a credential and are none: a server's challenge, the host in HTTP/2. */
const CHALLENGES = new Set(['www-authenticate', 'proxy-authenticate', 'authentication-info', ':authority']);

const CREDENTIAL_NAME = /cookie|key|token|secret|auth|session|passw|credential/i;

/** Headers whose whole value is a URL, whatever characters it holds. */
const URL_HEADERS = new Set(['location', 'content-location', 'referer', 'origin']);

/**
 * A URL with a host, or a query or fragment alone, inside other text; quotes, brackets and spaces end it. A scheme of
 * any length would be searched again from each of its letters.
 */
const URL_IN_TEXT = /(?:[a-z][a-z\d+.-]{0,20}:)?[\\/]{2}[^\s<>"']*|[?&#][^\s<>"']*/gi;

/**
 * Whether a header's value is a credential by its name: `Authorization`, `Proxy-Authorization`, `Cookie`,
 * `Set-Cookie`, and any name with `key`, `token`, `secret`, `auth` or `session` in it. A server's challenge
 * (`WWW-Authenticate`) is none.
 */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_NAME.test(name) && !CHALLENGES.has(name.toLowerCase());
}

/** The same pairs with the values of credentials, and credentials inside URLs, masked. */
export function maskHeaders(headers: readonly Pair[]): Pair[] {
  return headers.map(([name, value]) => [name, maskHeaderValue(name, value)]);
}

/** A value of the header of that name, masked in the same way. */
export function maskHeaderValue(name: string, value: string): string {
  if (isCredentialHeader(name)) return MASK;
  return URL_HEADERS.has(name.toLowerCase()) ? maskUrl(value) : maskUrlsIn(value);
}

/** Text with URLs in it, as in `Link` and `Refresh`: each is masked, the rest stays as it was written. */
function maskUrlsIn(text: string): string {
  return text.replace(URL_IN_TEXT, maskUrl);
}

/**
 * A request's body for people's eyes: the values in JSON and in forms that are credentials by their name are masked,
 * as are those inside URLs. Of anything else nobody can tell where its secrets are: nothing of it is shown.
 */
export function maskBody(text: string): string {
  if (text.trim() === '') return text;
  const json = parsedObject(text);
  if (json !== undefined) return JSON.stringify(json, (key, value) => maskJsonValue(key, value));
  return /^[^=&\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*$/.test(text) ? maskParameters(`&${text}`).slice(1) : MASK;
}

function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not JSON, then.
    return undefined;
  }
}

function maskJsonValue(key: string, value: unknown): unknown {
  if (value !== null && value !== '' && isCredentialParameter(key)) return MASK;
  return typeof value === 'string' ? maskUrlsIn(value) : value;
}

/**
 * A URL for people's eyes: its password, and the values of query or fragment parameters that are
 * credentials by their name (`token`, `access_token`, `api_key`, `key`, `secret`, …), are masked. A user
 * without password is masked too: tokens are often written so. Everything else stays as it was
 * written, and what is no valid URL is masked with the same care.
 */
export function maskUrl(url: string): string {
  return maskParameters(maskUserInfo(url));
}

function maskUserInfo(url: string): string {
  const slashes = url.search(/[\\/]{2}/);
  if (slashes === -1) return url;
  const start = slashes + 2;
  // An unescaped slash in a password makes the URL invalid, not the password public.
  const authorityEnd = URL.canParse(url) ? endOfAuthority(url, start) : url.length;
  const at = url.lastIndexOf('@', authorityEnd - 1);
  if (at < start) return url;
  const colon = url.indexOf(':', start);
  const masked = colon === -1 || colon > at ? MASK : `${url.slice(start, colon)}:${MASK}`;
  return `${url.slice(0, start)}${masked}${url.slice(at)}`;
}

function endOfAuthority(url: string, start: number): number {
  const end = url.slice(start).search(/[\\/?#]/);
  return end === -1 ? url.length : start + end;
}

function maskParameters(url: string): string {
  let masked = '';
  let from = 0;
  for (const { 0: start, 1: name = '', index } of url.matchAll(/[?&#]([^=&#?]*)=/g)) {
    // What looks like a parameter inside a masked value.
    if (index < from) continue;
    const valueAt = index + start.length;
    const isCredential = isCredentialParameter(name);
    // Other values may be URLs with parameters of their own.
    const length = url.slice(valueAt).search(isCredential ? /[&#]|$/ : /[&#?]|$/);
    const value = url.slice(valueAt, valueAt + length);
    masked += url.slice(from, valueAt) + (isCredential && value !== '' ? MASK : maskNested(value));
    from = valueAt + length;
  }
  return masked + url.slice(from);
}

/** A value that is a URL: one in percent-encoding that holds a secret is masked as a whole. */
function maskNested(value: string): string {
  const plain = value.includes('%') ? decoded(value) : value;
  // Encoded once is as deep as anyone looks: a server's header may be encoded a hundred thousand times.
  if (plain !== value && (maskUserInfo(plain) !== plain || hasCredential(plain))) return MASK;
  return maskUserInfo(value);
}

function hasCredential(url: string): boolean {
  return [...url.matchAll(/[?&#]([^=&#?]*)=[^&#]/g)].some(([, name = '']) => isCredentialParameter(name));
}

const CREDENTIAL_WORDS = new Set([
  'token',
  'secret',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'credential',
  'credentials',
  'apikey',
  'jwt',
  'signature',
  'sig',
]);
/** Words that make the `key` behind them one that opens something. */
const KEY_KINDS = new Set(['api', 'access', 'private', 'signing', 'encryption']);
const CREDENTIAL_PARAMETERS = new Set(['key', 'auth', 'authorization', 'session', 'sessionid', 'sid']);

/** Whole words only: `access_token` and `accessToken` are credentials, `max_tokens` and `keyword` are none. */
function isCredentialParameter(written: string): boolean {
  const name = decoded(written);
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return (
    CREDENTIAL_PARAMETERS.has(words.join('')) ||
    words.some(
      (word, index) =>
        CREDENTIAL_WORDS.has(word) || (word === 'key' && KEY_KINDS.has(words[index - 1] ?? '')),
    )
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoding after all: it means what is written.
    return text;
  }
}
