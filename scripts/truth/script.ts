/** One thing that a server does on a connection: it is stamped as it is done. */
export interface Step {
  /** What the stamp is of. */
  name: string;
  /** Milliseconds after the step before it, or after the request was read. */
  afterMs: number;
  /** Bytes as they go on the wire, in one write: of HTTP/1.1 alone. */
  write?: string;
  /** What either version of HTTP has, in one write: the headers of a stream, text of its body, its end in order. */
  say?: 'headers' | 'end' | { text: string };
  /** How the connection goes on: FIN, RST, or these bytes again and again for as long as somebody takes them. */
  and?: 'finish' | 'reset' | 'pour';
}

/** What a server does on one connection. */
export type Turn = readonly Step[];

/** What a server does with the connections of each stream: the n-th turn on the n-th, the last one on all that follow. */
export type Script = readonly Turn[];

export type Transport = 'http' | 'https' | 'h2';

/** What a server does with all streams. */
export interface Repertoire {
  /** Streams follow them in turn: the one with number n the n-th, and behind the last the first one again. */
  scripts: readonly Script[];
  /** HTTP/1.1 without and with TLS, HTTP/2 with TLS. */
  transport: Transport;
}

export interface Stamp {
  name: string;
  /** Milliseconds on the monotonic clock, just before it was done. */
  at: number;
}

/** What the server saw and did on one connection. */
export interface ServedAttempt {
  /** The number that its path ends with. */
  stream: number;
  /** Of that stream's, from 0. */
  attempt: number;
  /** Its connection, from 0 in the order in which they were accepted. */
  connection: number;
  acceptedAt: number;
  /** When TLS was established, where there is TLS. */
  securedAt?: number;
  /** When the request had been read. */
  askedAt: number;
  /** Value of the header, empty where there was none. */
  lastEventId: string;
  stamps: readonly Stamp[];
  /** When the client had left, as far as it has. */
  leftAt?: number;
  /** Of what is poured: bytes that the system has taken, and the longest wait until it took some, in milliseconds. */
  poured?: { bytes: number; longestWaitMs: number };
}

/** The headers of a stream, and pieces of its body as chunks, as they are on the wire of HTTP/1.1. */
export const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

/** An answer without a stream, behind which the connection ends. */
export function refusal(status: string, fields: readonly string[] = []): string {
  const head = [`HTTP/1.1 ${status} -`, 'Content-Length: 0', 'Connection: close', ...fields];
  return `${head.join('\r\n')}\r\n\r\n`;
}

export const LAST_CHUNK = '0\r\n\r\n';

/** A piece of the body in a chunk of its own. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** An event with an id, in a chunk of its own. */
export function event(id: number): string {
  return chunk(`id: ${id}\ndata: event ${id}\n\n`);
}

/** Each stream gets an event at once, and its end. */
export const ONE_EVENT: Script = [
  [{ name: 'event', afterMs: 0, write: HEAD + event(1) + LAST_CHUNK, and: 'finish' }],
];
