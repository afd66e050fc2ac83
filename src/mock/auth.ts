import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from './request.ts';

/** Who may open a stream. */
export interface AuthRule {
  /** Compared with `?token=`, `Authorization: Bearer` and the cookie `token`. */
  token: string;
  /** How long a token is good after its first use: then its streams end in order, and it gets 401. Absent: for ever. */
  ttlMs?: number;
}

/** Tokens whose first use is remembered; past it the oldest is forgotten. */
const MAX_TOKENS = 100_000;

/** What the server knows of one who was let in. */
export interface Admission {
  /** A token was asked for. */
  guarded: boolean;
  /** `SECRET:alice` is alice's; `SECRET` alone says nothing of a user. */
  user: string | undefined;
  /** How long the token is good yet, in milliseconds. */
  leftMs: number;
}

/**
 * Lets those in who know the secret. A token is `SECRET`, `SECRET:USER` or `SECRET:USER:ANYTHING`: each is a token of
 * its own as far as its life goes, so that a client can come back with a fresh one.
 */
export class Gate {
  readonly #firstUse = new Map<string, number>();
  readonly #clock: () => number;

  /** @param clock monotonic milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @throws RequestError 401 */
  admit(rule: AuthRule, query: URLSearchParams, headers: IncomingHttpHeaders): Admission {
    const token = tokenOf(query, headers);
    if (token === undefined)
      throw refusal('a token is needed: ?token=, Authorization: Bearer or the cookie token');
    const secret = token.slice(0, rule.token.length);
    const rest = token.slice(rule.token.length);
    if (!sameText(secret, rule.token) || (rest !== '' && !rest.startsWith(':')))
      throw refusal('the token is wrong', 'invalid_token');
    const user = rest.split(':')[1];
    const admission = { guarded: true, user: user === '' ? undefined : user };
    if (rule.ttlMs === undefined) return { ...admission, leftMs: Infinity };
    const leftMs = this.#startOf(token) + rule.ttlMs - this.#clock();
    if (leftMs <= 0) throw refusal('the token has expired', 'invalid_token');
    return { ...admission, leftMs };
  }

  #startOf(token: string): number {
    const known = this.#firstUse.get(token);
    if (known !== undefined) return known;
    const now = this.#clock();
    this.#firstUse.set(token, now);
    if (this.#firstUse.size > MAX_TOKENS) {
      for (const oldest of this.#firstUse.keys()) {
        this.#firstUse.delete(oldest);
        break;
      }
    }
    return now;
  }
}

function tokenOf(query: URLSearchParams, headers: IncomingHttpHeaders): string | undefined {
  const inQuery = query.get('token');
  if (inQuery !== null) return inQuery;
  const bearer = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer.trim();
  const cookie = /(?:^|;)\s*token=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  if (cookie === undefined) return undefined;
  try {
    return decodeURIComponent(cookie.trim());
  } catch {
    // Not percent-encoded, then: a cookie may hold a lone %.
    return cookie.trim();
  }
}

/** Takes as long for a wrong text as for the right one (RFC 6750 asks for nothing less of a secret). */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** RFC 6750, section 3. */
function refusal(message: string, error?: string): RequestError {
  const challenge = error === undefined ? 'Bearer' : `Bearer error="${error}"`;
  return new RequestError(401, message, { 'www-authenticate': challenge });
}
