import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret that nobody guesses, nor finds from what was signed with it. */
export const SHORTEST_TOKEN = 16;

const TOKEN_BYTES = 16;

/** 128 bits, in letters that no shell and no header minds. */
export function newProbeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}

/** Takes as long for a wrong text as for the right one. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/**
 * What shows that a text is from somebody who knows the token. A script passes the proxy, and may end in its log; the
 * token doesn't.
 */
export function signatureOf(text: string, token: string): string {
  return createHmac('sha256', token).update(text).digest('base64url');
}
