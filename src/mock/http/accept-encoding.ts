import type { ResponseHead } from '../faults/line.ts';
import type { Coding } from '../wire/codings.ts';

/** Names that stand for the same coding (RFC 9110, section 8.4.1). */
const ALIASES: Readonly<Record<string, string>> = { 'x-gzip': 'gzip' };

/**
 * Compresses a body where its client accepts that: says so in the head, and to caches on what it depends. A head that
 * is encoded already stays as it is.
 */
export function compressIfAccepted(
  head: ResponseHead,
  coding: Coding,
  acceptEncoding: string | undefined,
): void {
  if (head.compression !== undefined || head.headers['content-encoding'] !== undefined) return;
  const { vary } = head.headers;
  head.headers.vary = vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`;
  if (!accepts(acceptEncoding, coding)) return;
  head.headers['content-encoding'] = coding;
  head.compression = { encoding: coding, flushing: 'each write' };
}

/**
 * Whether a client would rather have a body in this coding than as it is (RFC 9110, section 12.5.3). One that sends
 * no header accepts any by the letter; but whoever can decode one says so.
 */
export function accepts(acceptEncoding: string | undefined, coding: Coding): boolean {
  if (acceptEncoding === undefined) return false;
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    if (name !== '') weights.set(ALIASES[name] ?? name, weightOf(parameters));
  }
  const weight = weights.get(coding) ?? weights.get('*') ?? 0;
  return weight > 0 && weight >= (weights.get('identity') ?? 0);
}

/** A weight that can't be read is none: the coding is not wanted. */
function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find((each) => /^q\s*=/.test(each));
  if (weight === undefined) return 1;
  const value = weight.slice(weight.indexOf('=') + 1).trim();
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(value) ? Number(value) : 0;
}
