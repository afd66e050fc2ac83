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

/** Header bytes as text: UTF-8 where they are, else Latin-1, which maps every byte. */
export function headerText(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\ufffd') ? text : utf8;
}

/** Characters that can't stand in a header value (RFC 9110 §5.5). */
export function isHeaderSafe(value: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f]/.test(value);
}
