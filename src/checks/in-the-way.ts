import { headerValue } from '../client/headers.ts';
import { quoted } from '../notation/invalid-value.ts';
import { maskUrl } from '../results/redaction.ts';
import type { ObservedHead } from './observation.ts';

/** An answer that isn't what was asked for, but says what is missing. */
export interface InTheWay {
  kind: 'redirect' | 'credentials';
  /** A phrase. */
  what: string;
  /** What to do about it, without a full stop. */
  hint: string;
}

export const WANTS_CREDENTIALS: InTheWay = {
  kind: 'credentials',
  what: 'it wants credentials',
  hint: "Give them as to any other request: -u USER:PASSWORD, --bearer TOKEN or -H 'Cookie: …'",
};

/** @returns nothing where the answer says no such thing */
export function inTheWay({ status, headers }: ObservedHead): InTheWay | undefined {
  const location = headerValue(headers, 'location');
  if (status >= 300 && status < 400 && location !== undefined) {
    return {
      kind: 'redirect',
      what: `a redirect to ${quoted(maskUrl(location))}`,
      hint: 'Give the URL that it leads to',
    };
  }
  if (status === 401) return WANTS_CREDENTIALS;
  if (status === 407) {
    return {
      kind: 'credentials',
      what: 'a forward proxy on the way wants credentials',
      hint: 'Give them with it: -x http://USER:PASSWORD@HOST:PORT',
    };
  }
  return undefined;
}
