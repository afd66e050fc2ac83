/** What stands in place of a secret. */
export const MASK = '•••';

type Pair = readonly [name: string, value: string];

/** Headers whose names look like a credential and are none: a server's challenge, the host in HTTP/2. */
const CHALLENGES = new Set(['www-authenticate', 'proxy-authenticate', 'authentication-info', ':authority']);

const CREDENTIAL_NAME = /cookie|key|token|secret|auth|session|passw|credential/i;

/** Headers whose value is a URL, which may carry a secret of its own. */
const URL_HEADERS = new Set(['location', 'content-location', 'referer', 'origin']);

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

function maskHeaderValue(name: string, value: string): string {
  if (isCredentialHeader(name)) return MASK;
  return URL_HEADERS.has(name.toLowerCase()) ? maskUrl(value) : value;
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
  return url.replace(/([?&#])([^=&#?]*)=([^&#]*)/g, (whole, mark: string, name: string, value: string) =>
    value !== '' && isCredentialParameter(name) ? `${mark}${name}=${MASK}` : whole,
  );
}

const CREDENTIAL_WORDS = new Set([
  'token',
  'secret',
  'password',
  'passwd',
  'apikey',
  'jwt',
  'signature',
  'sig',
]);
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
    words.some((word, index) => CREDENTIAL_WORDS.has(word) || (word === 'key' && words[index - 1] === 'api'))
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not percent-encoding after all: the name is what is written.
    return name;
  }
}
