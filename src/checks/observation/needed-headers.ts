import type { HeaderPair } from '../../client/records.ts';

/** What became of a header of the answer; `twice`: where browsers take one alone. */
export type AnswerFate = 'arrived' | 'lost' | 'changed' | 'twice';

/** Is the value that came as good as the one that was sent? Equality where nothing is said. */
const AS_GOOD: Readonly<Record<string, (came: string, sent: string) => boolean>> = {
  // A relative one may become absolute.
  location: (came, sent) => URL.canParse(came, BASE) && new URL(came, BASE).pathname === sent,
  // It may get other attributes, and others beside it.
  'set-cookie': (came, sent) => came.split(';')[0] === sent.split(';')[0],
  // Another challenge may stand beside it.
  'www-authenticate': (came, sent) => came.includes(sent),
  // Which pages may read it, a proxy may decide; that is another value, and not two.
  'access-control-allow-origin': (came) => came !== '',
};
const BASE = 'http://origin.invalid/';
/** Two of them are none for a browser (Fetch standard, CORS check). */
export const ONE_ALONE = 'Access-Control-Allow-Origin';

/** @param headers of the answer, as they came */
export function answerFate([name, sent]: HeaderPair, headers: readonly HeaderPair[]): AnswerFate {
  const wanted = name.toLowerCase();
  const came = valuesOf(wanted, headers);
  if (came.length === 0) return 'lost';
  if (wanted === ONE_ALONE.toLowerCase() && areSeveral(came)) return 'twice';
  const isAsGood = AS_GOOD[wanted] ?? ((value: string) => value.trim() === sent);
  if (came.some((value) => isAsGood(value, sent))) return 'arrived';
  // Somebody else's cookie is another header, not this one changed.
  return wanted === 'set-cookie' ? 'lost' : 'changed';
}

/** Whether there are two where browsers take one alone. */
export function isThereTwice(headers: readonly HeaderPair[]): boolean {
  return areSeveral(valuesOf(ONE_ALONE.toLowerCase(), headers));
}

function valuesOf(wanted: string, headers: readonly HeaderPair[]): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

/** In lines of their own, or in one. */
function areSeveral(values: readonly string[]): boolean {
  return values.length > 1 || values.some((value) => value.includes(','));
}

/** `Retry-After of 503 lost`: what is told of those that did not arrive. */
export function lostText(fates: Readonly<Record<string, AnswerFate>>): string {
  return Object.entries(fates)
    .filter(([, fate]) => fate !== 'arrived')
    .map(([name, fate]) => `${name} ${fate === 'twice' ? 'is there twice' : fate}`)
    .join(', ');
}

/** A Cache-Control that keeps shared caches from handing the stream to others (RFC 9111 §5.2.2). */
export const NOT_SHARED = /\b(no-cache|no-store|private|(?:s-)?max-?age=0)\b/i;
