import type { SseKitError } from './errors.ts';

/** Marks of one attempt: absolute milliseconds on the monotonic clock; absent while not reached. */
export interface Marks {
  /** When the plan or the reconnect policy allowed this attempt. */
  planned: number;
  start: number;
  dns?: number;
  tcp?: number;
  tls?: number;
  sent?: number;
  headers?: number;
  firstByte?: number;
  firstComment?: number;
  firstEvent?: number;
  end?: number;
}

/** How the end of a body is known: chunked coding, `Content-Length`, the connection's end, HTTP/2's END_STREAM. */
export type Framing = 'chunked' | 'length' | 'close' | 'h2';

/** Why an attempt ended. One list, used everywhere. */
export type CloseReason =
  | 'eof'
  | 'truncated'
  | 'reset'
  | 'idle'
  | 'status'
  | 'wrong_type'
  | 'no_content'
  | 'connect_error'
  | 'protocol'
  | 'client';

/** Why we left, where the reason is `client`. */
export type ClientReason = 'until' | 'max' | 'for' | 'max-time' | 'expect' | 'signal' | 'pipe' | 'error';

export type HeaderPair = readonly [name: string, value: string];

export interface Redirect {
  status: number;
  from: string;
  to: string;
  /** Names of headers that were left behind because the origin changed. */
  dropped: readonly string[];
}

/** What is known when the response headers have come. */
export interface OpenInfo {
  /** The URL that answered, after redirects; without credentials. */
  url: string;
  method: string;
  status: number;
  statusText: string;
  /** In the order they came, names in the server's own case. */
  headers: readonly HeaderPair[];
  http: '1.0' | '1.1' | '2';
  framing: Framing;
  /** Content coding in use (`gzip`, `br`, …); `identity` where none. */
  encoding: string;
  contentType: string;
  remoteAddress?: string;
  remotePort?: number;
  /** TLS protocol (`TLSv1.3`), where the connection has it. */
  tls?: string;
  /** Proxy in between, as `host:port`. */
  proxy?: string;
  redirects: readonly Redirect[];
  /** Header pairs of the request as they were sent. */
  requestHeaders: readonly HeaderPair[];
  marks: Readonly<Marks>;
}

export interface CloseInfo {
  reason: CloseReason;
  /** Who of us left, where the reason is `client`. */
  by?: ClientReason;
  /** The HTTP status, where headers came. */
  status?: number;
  framing?: Framing;
  /** Present on every ending but `eof` and `client`. */
  error?: SseKitError;
  events: number;
  comments: number;
  /** Decoded body bytes, and body bytes as they came before content decoding. */
  bytes: number;
  wireBytes: number;
  /** Bytes of an unfinished block that were lost at the end. */
  pendingBytes: number;
  lastEventId: string;
  /** `Retry-After`, in milliseconds, clamped to 1 h. */
  retryAfterMs?: number;
  /** `Retry-After` asked for longer than that. */
  retryAfterClamped?: true;
  /** The beginning of the body of an answer that was not a stream (at most 2 KB, decoded as UTF-8). */
  body?: string;
  marks: Readonly<Marks>;
  /** A run that was recorded was left here, for the reason in `by`; this one, which replays it, is not. */
  recorded?: true;
}

/** Something that a user should know and that ends nothing: a stable code and a sentence. */
export interface Warning {
  code: string;
  message: string;
  /** How grave it is, where it is a finding about the stream. */
  severity?: 'error' | 'warning' | 'note';
  /** Of its first byte in the decoded body of its connection. */
  offset?: number;
  /** What a client makes of it, and the rule behind that. */
  why?: string;
  /** What to change on the server. */
  mend?: string;
}
