import { isCredentialHeader, maskUrl } from '../results/redaction.ts';
import { SseKitError } from './errors.ts';
import type { HeaderPair } from './records.ts';

/** A request on its way through redirects. */
export interface Hop {
  url: URL;
  method: string;
  headers: readonly HeaderPair[];
  body: Uint8Array | undefined;
}

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** Characters of a URL that an error quotes. */
const LONGEST_URL = 200;

export function isRedirect(status: number): boolean {
  return REDIRECT_STATUSES.has(status);
}

/**
 * The request that a redirect leads to. 301 and 302 turn POST into GET, 303 anything but HEAD; 307 and 308 keep
 * method and body (RFC 9110 §15.4, and what browsers do). Credentials stay behind when the origin changes:
 * scheme, host or port.
 *
 * @throws SseKitError `REDIRECT_INVALID` (exit 3)
 */
export function followRedirect(hop: Hop, status: number, location: string): { next: Hop; dropped: string[] } {
  const url = resolveLocation(hop.url, status, location);
  const method = methodAfter(hop.method, status);
  const becomesGet = method !== hop.method;
  const dropped: string[] = [];
  const crossing = url.origin !== hop.url.origin;
  const headers = hop.headers.filter(([name]) => {
    if (crossing && (isCredentialHeader(name) || name.toLowerCase() === 'host')) {
      dropped.push(name);
      return false;
    }
    return !(becomesGet && /^content-/i.test(name));
  });
  return {
    next: {
      url,
      method,
      headers,
      body: becomesGet ? undefined : hop.body,
    },
    dropped,
  };
}

/** The method that a redirect of this status is followed with. */
export function methodAfter(method: string, status: number): string {
  const becomesGet =
    status === 303
      ? method !== 'GET' && method !== 'HEAD'
      : (status === 301 || status === 302) && method === 'POST';
  return becomesGet ? 'GET' : method;
}

/** A server's URL in an error: without its secrets, and cut where it would fill the screen. */
export function urlInMessage(url: string): string {
  const masked = maskUrl(url);
  return masked.length > LONGEST_URL ? `${masked.slice(0, LONGEST_URL - 1)}…` : masked;
}

function resolveLocation(base: URL, status: number, location: string): URL {
  const invalid = (reason: string) =>
    new SseKitError(
      'REDIRECT_INVALID',
      3,
      `HTTP ${status} leads to ${JSON.stringify(urlInMessage(location))}: ${reason}`,
      {
        hint: 'the server sends a redirect that can not be followed',
      },
    );
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    throw invalid('not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid('only http: and https: are followed');
  }
  url.hash = '';
  url.username = '';
  url.password = '';
  return url;
}
