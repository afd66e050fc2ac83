/** A stream of this server, as the address field shows it. The token is none of it: it is never shown. */
export interface Target {
  /** Path and query, readable: `/events?interval=50ms&fault=reset@3`. */
  address: string;
  /** The token that the text carried. */
  token: string | undefined;
}

/** An address that this page can't open; the message says what it can. */
export class WrongAddress extends Error {}

/**
 * @param text a path, or a whole URL of this server
 * @param origin this server's
 * @throws WrongAddress for one of another server, or none at all
 */
export function parseAddress(text: string, origin: string): Target {
  const trimmed = text.trim();
  const url = urlOf(trimmed, origin);
  if (url === undefined) throw new WrongAddress(`“${trimmed}” is no address; a path such as /events is.`);
  if (url.origin !== origin) {
    throw new WrongAddress(
      `This page reads streams of its own server only: ${origin}/… or a path such as /events.`,
    );
  }
  const token = url.searchParams.get('token') ?? undefined;
  url.searchParams.delete('token');
  return { address: readable(url), token };
}

function urlOf(text: string, origin: string): URL | undefined {
  const relative = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(text) || text.startsWith('/') ? text : `/${text}`;
  try {
    return new URL(relative, origin);
  } catch {
    // Told apart by the caller: the user may still be typing.
    return undefined;
  }
}

/** The values of a query parameter. */
export function parameters(address: string, name: string): string[] {
  return (urlOf(address, 'http://stream')?.searchParams.getAll(name) ?? []).filter((value) => value !== '');
}

/** The address with these values of a parameter; none takes it out. */
export function withParameters(address: string, name: string, values: readonly string[]): string {
  const url = urlOf(address.trim(), 'http://stream');
  if (url === undefined) return address;
  const kept = values.filter((value) => value !== '');
  if (kept.length === 1 && url.searchParams.has(name)) url.searchParams.set(name, kept[0] ?? '');
  else {
    url.searchParams.delete(name);
    for (const value of kept) url.searchParams.append(name, value);
  }
  return readable(url);
}

/** What is sent: the whole URL, with the token. */
export function requestUrl(address: string, origin: string, token: string): string {
  const url = new URL(address, origin);
  if (token === '') return url.href;
  return `${url.href}${url.search === '' ? '?' : '&'}token=${encodeURIComponent(token)}`;
}

/** Characters that URLSearchParams encodes and a query may have as they are (RFC 3986, section 3.4). */
const NEEDLESSLY_ENCODED = /%(?:21|24|27|28|29|2C|2F|3A|3B|3F|40)/gi;

function readable(url: URL): string {
  const pairs = url.search.slice(1).split('&').filter(Boolean);
  const plain = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    // A value may have equals signs: only the first one separates.
    const text = value.join('=').replace(NEEDLESSLY_ENCODED, decodeURIComponent).replace(/%3D/gi, '=');
    return value.length === 0 ? name : `${name}=${text}`;
  });
  return url.pathname + (plain.length > 0 ? `?${plain.join('&')}` : '');
}
