/** A connection on which no request could be read, told to whoever runs the server. */
export interface Malformed {
  /** What it was answered with; absent: nothing, as no answer would have been understood. */
  status?: number;
  /** What was wrong, one sentence without its full stop. */
  message: string;
  /** What was spoken instead of HTTP, where that can be told. */
  speaks?: 'TLS' | 'PROXY';
}

/** `maxHeaderSize` of Node's parser. */
const MAX_HEADER_BYTES = 16 * 1024;

/** First byte of a TLS record that opens a handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;

interface ParseError extends Error {
  code?: string | undefined;
  /** What llhttp says of it. */
  reason?: string;
  rawPacket?: Buffer;
}

const LEFT = new Set(['ECONNRESET', 'EPIPE', 'ECANCELED', 'ERR_STREAM_WRITE_AFTER_END']);

/** What an error of a connection says of the client; undefined where it just left. */
export function malformedRequest(error: ParseError): Malformed | undefined {
  const { code = '', reason, rawPacket } = error;
  if (LEFT.has(code)) return undefined;
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: `the head of the request is larger than ${MAX_HEADER_BYTES} bytes` };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'the extensions of a chunk are too large' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'the head of the request did not come in time' };
    case 'HPE_INVALID_EOF_STATE':
      return { status: 400, message: 'the connection ended inside a request' };
    case 'HPE_PAUSED_H2_UPGRADE':
      return { message: 'a client speaks HTTP/2 in the clear, which needs --http2' };
  }
  if (!code.startsWith('HPE_')) return failedHandshake(error);
  if (rawPacket?.[0] === TLS_HANDSHAKE)
    return { message: 'a client speaks TLS (https://), which needs --tls', speaks: 'TLS' };
  return {
    status: 400,
    message: `the request is no HTTP: ${reason ?? error.message}`,
    ...(isProxyProtocol(rawPacket) && { speaks: 'PROXY' }),
  };
}

/** How the PROXY protocol begins, version 1 and 2: https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt */
function isProxyProtocol(bytes: Buffer | undefined): boolean {
  const start = bytes?.toString('latin1', 0, 12) ?? '';
  return start.startsWith('PROXY ') || start === '\r\n\r\n\0\r\nQUIT\n';
}

/** What a TLS error says of the client; undefined where it just left. */
export function failedHandshake({ code = '', reason, message }: ParseError): Malformed | undefined {
  if (LEFT.has(code)) return undefined;
  switch (code) {
    case 'ERR_SSL_HTTP_REQUEST':
      return { message: 'a client speaks plain HTTP (http://) to a server with TLS' };
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
      return { message: 'a client does not trust the certificate' };
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return { message: 'a TLS handshake did not come to its end in time' };
  }
  return { message: `TLS failed: ${reason ?? message}` };
}

/** What an error of an HTTP/2 connection says of the client; undefined where it just left. */
export function brokenHttp2(error: ParseError): Malformed | undefined {
  const { code = '', message } = error;
  if (LEFT.has(code)) return undefined;
  if (!code.startsWith('ERR_HTTP2_')) return failedHandshake(error);
  return { message: `HTTP/2 with a client failed: ${message}` };
}
