import type { HeaderPair } from './records.ts';

/** The value of a header, those of several lines joined as RFC 9110 §5.3 allows; `undefined` where absent. */
export function headerValue(headers: readonly HeaderPair[], name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** Text as the Latin-1 string whose bytes are its UTF-8 form: what Node's writers need to send UTF-8. */
export function utf8AsLatin1(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Header text whose characters stand for bytes: as UTF-8 where they are, else as the Latin-1 that it is. */
export function headerText(latin1: string): string {
  if (/^[\x00-\x7f]*$/.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? latin1 : utf8;
}

/** A token as names of headers and methods are (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** Characters that can't stand in a header value (RFC 9110 §5.5). */
export function isHeaderSafe(value: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f]/.test(value);
}
