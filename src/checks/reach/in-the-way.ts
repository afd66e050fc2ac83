import { headerValue } from '../../client/headers.ts';
import type { HeaderPair } from '../../client/records.ts';
import { quoted } from '../../notation/invalid-value.ts';
import { maskUrl } from '../../results/redaction.ts';
import type { ObservedHead } from '../observation/observation.ts';

/** An answer that isn't what was asked for, but says what is missing. */
export interface InTheWay {
  kind: 'redirect' | 'credentials';
  /** A phrase. */
  what: string;
  /** What to do about it, without a full stop. */
  hint: string;
}

/** @param sent headers of the request: what was given already has been refused */
export function wantsCredentials(sent: readonly HeaderPair[]): InTheWay {
  const isGiven = sent.some(([name]) => /^(authorization|cookie)$/i.test(name));
  return {
    kind: 'credentials',
    what: isGiven ? 'it refuses the credentials that it was given' : 'it wants credentials',
    hint: `Give ${isGiven ? 'others' : 'them'} as to any other request: -u USER:PASSWORD, --bearer TOKEN or -H 'Cookie: …'`,
  };
}

/**
 * @param sent headers of the request
 * @returns nothing where the answer says no such thing
 */
export function inTheWay(
  { status, headers }: ObservedHead,
  sent: readonly HeaderPair[],
): InTheWay | undefined {
  const location = headerValue(headers, 'location');
  if (status >= 300 && status < 400 && location !== undefined) {
    return {
      kind: 'redirect',
      what: `a redirect to ${quoted(maskUrl(location))}`,
      hint: 'Give the URL that it leads to',
    };
  }
  if (status === 401) return wantsCredentials(sent);
  if (status === 407) {
    return {
      kind: 'credentials',
      what: 'a forward proxy on the way wants credentials',
      hint: 'Give them with it: -x http://USER:PASSWORD@HOST:PORT',
    };
  }
  return undefined;
}
