/** Pieces of HTTP/1.1 answers, byte for byte. */

/** A status line and headers with their blank line. */
export function head(status: string, headers: Record<string, string | number> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

const stream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

/** The headers of a stream, by how its body is delimited. */
export const streamHead = {
  chunked: head('200 OK', { ...stream, 'Transfer-Encoding': 'chunked' }),
  close: head('200 OK', { ...stream, Connection: 'close' }),
  length: (bytes: number) => head('200 OK', { ...stream, 'Content-Length': bytes }),
};

export function chunk(body: string): string {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
}

export const LAST_CHUNK = '0\r\n\r\n';

/** A whole answer with a short body. */
export function answer(status: string, headers: Record<string, string> = {}, body = ''): string {
  return head(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }) + body;
}
