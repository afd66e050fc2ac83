import { constants } from 'node:http2';
import type { TransferEnd } from './exchange.ts';
import { codeOf } from './failures.ts';

/** What is known of an HTTP/2 connection when a stream on it ends. */
export interface ConnectionFacts {
  /** Code of a GOAWAY that was no graceful one. */
  goawayCode: number;
  /** The peer ended its side of the connection. */
  peerEnded: boolean;
}

/**
 * How a stream ends by what became of its connection; `undefined` where the connection is not to blame.
 *
 * @param failure what went wrong first, with the stream or its connection
 * @param answered the headers of the answer had come
 */
export function connectionEnd(
  { goawayCode, peerEnded }: ConnectionFacts,
  failure: Error | undefined,
  answered: boolean,
): TransferEnd | undefined {
  const cause = failure === undefined ? {} : { cause: failure };
  if (goawayCode !== 0) return { kind: 'reset', ...cause, detail: `GOAWAY with ${codeName(goawayCode)}` };
  if (codeOf(failure) === 'ECONNRESET' || codeOf(failure) === 'EPIPE') return { kind: 'reset', ...cause };
  if (failure !== undefined && codeOf(failure) !== 'ERR_HTTP2_STREAM_ERROR') {
    return { kind: 'protocol', cause: failure };
  }
  return peerEnded ? { kind: 'unfinished', answered } : undefined;
}

/** As RFC 9113 §7 calls it. */
export function codeName(code: number): string {
  const name = Object.entries(constants).find(
    ([key, value]) =>
      key.startsWith('NGHTTP2_') && !key.startsWith('NGHTTP2_ERR_') && value === code && H2_CODE.test(key),
  )?.[0];
  return name === undefined ? `code ${code}` : name.replace('NGHTTP2_', '');
}

/** The error codes of RFC 9113 §7, among Node's many constants. */
const H2_CODE =
  /^NGHTTP2_(NO_ERROR|PROTOCOL_ERROR|INTERNAL_ERROR|FLOW_CONTROL_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED|FRAME_SIZE_ERROR|REFUSED_STREAM|CANCEL|COMPRESSION_ERROR|CONNECT_ERROR|ENHANCE_YOUR_CALM|INADEQUATE_SECURITY|HTTP_1_1_REQUIRED)$/;
