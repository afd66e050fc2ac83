import { SseKitError } from './errors.ts';
import { headerValue } from './headers.ts';
import type { HeaderPair } from './records.ts';

/** `chunked` is read by the HTTP parser; `identity` is none (RFC 2616, and servers that still send it). */
const HARMLESS = new Set(['', 'chunked', 'identity']);

/** Whether the bytes of the body are not its text because of a coding of their transfer (RFC 9112 §6.1). */
export function isTransferCoded(headers: readonly HeaderPair[]): boolean {
  const codings = headerValue(headers, 'transfer-encoding')?.split(',') ?? [];
  return codings.some((coding) => !HARMLESS.has((coding.split(';')[0] ?? '').trim().toLowerCase()));
}

/** @throws SseKitError `BAD_ENCODING` (exit 8) for a body that is coded for its transfer: browsers read none either */
export function refuseTransferCoding(headers: readonly HeaderPair[]): void {
  if (!isTransferCoded(headers)) return;
  const codings = headerValue(headers, 'transfer-encoding');
  throw new SseKitError('BAD_ENCODING', 8, `the body is sent with the transfer coding "${codings}"`, {
    hint: 'only chunked may be sent without being asked for (RFC 9112 §7.4), and browsers take no other: a server compresses with Content-Encoding',
  });
}
