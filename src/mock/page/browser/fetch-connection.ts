import type { Connection, ConnectionSink } from './connection.ts';
import { StreamParser } from './stream-parser.ts';
import { StreamText } from './stream-text.ts';

/** What Chromium waits where the server has named no reconnection time. */
const DEFAULT_RETRY_MS = 3_000;
/** A longer reconnection time counts as this one, as in the command line. */
const MAX_RETRY_MS = 3_600_000;
/** Of an answer that is no stream, this much is quoted. */
const QUOTED = 300;
const QUOTE_PATIENCE_MS = 500;

interface End {
  why: string;
  /** A browser's EventSource gives up at it. */
  final: boolean;
  /** Of an answer that was no stream. */
  status?: number;
}

/**
 * Reads a stream by `fetch`, and behaves as EventSource does (HTML standard, section 9.2.3); but it tells what
 * EventSource keeps to itself: events of every name, comments, the status, how a stream ended.
 */
export class FetchConnection implements Connection {
  readonly #url: string;
  readonly #sink: ConnectionSink;
  readonly #leave = new AbortController();
  #lastEventId = '';
  #retryMs = DEFAULT_RETRY_MS;

  constructor(url: string, sink: ConnectionSink) {
    this.#url = url;
    this.#sink = sink;
    void this.#run();
  }

  close(): void {
    this.#leave.abort();
  }

  get #left(): boolean {
    return this.#leave.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#left) {
      this.#sink.connecting();
      const end = await this.#attempt();
      if (this.#left) return;
      if (end.final) return this.#sink.closed(end.why, end.status);
      this.#sink.lost(end.why, this.#retryMs);
      await this.#wait(this.#retryMs);
    }
  }

  /** One request, to the end of its answer. */
  async #attempt(): Promise<End> {
    // `cache` is a browser's word: Node's types don't know it.
    const request = { headers: this.#headers(), cache: 'no-store', signal: this.#leave.signal } as const;
    let response: Response;
    try {
      response = await fetch(this.#url, request);
    } catch {
      // Browsers tell no reason: refused, reset and a broken answer look alike.
      return { why: 'no answer: the connection failed before one came', final: false };
    }
    const refusal = await refusalOf(response);
    if (refusal !== undefined) return { why: refusal, final: true, status: response.status };
    if (this.#left || response.body === null) return { why: 'the answer has no body', final: true };
    this.#sink.open(`${response.status} · ${response.headers.get('content-type') ?? ''}`);
    return this.#read(response.body.getReader());
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    // Header values are bytes to `fetch`: an id goes out as UTF-8.
    if (this.#lastEventId !== '') {
      headers['Last-Event-ID'] = String.fromCharCode(...new TextEncoder().encode(this.#lastEventId));
    }
    return headers;
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<End> {
    const decoder = new StreamText();
    const parser = this.#parser();
    for (;;) {
      let piece: Uint8Array | undefined;
      try {
        piece = (await reader.read()).value;
      } catch {
        // As above: a reset and a transfer cut short look alike.
        return { why: 'broken off: a reset, or a transfer cut short', final: false };
      }
      if (this.#left) return { why: 'left', final: true };
      if (piece === undefined) break;
      this.#sink.bytes(piece.length);
      try {
        parser.push(decoder.decode(piece));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        reader.cancel().catch(() => {});
        return { why: `given up: ${error.message}`, final: true };
      }
      this.#lastEventId = parser.lastEventId;
    }
    return {
      why: parser.insideEvent ? 'ended inside an event, which is lost' : 'ended in order',
      final: false,
    };
  }

  #parser(): StreamParser {
    const parser: StreamParser = new StreamParser(
      {
        event: (event) => this.#sink.event(event, parser.lastEventId),
        comment: (text) => this.#sink.comment(text),
        retry: (ms) => {
          this.#retryMs = Math.min(ms, MAX_RETRY_MS);
          this.#sink.retry(ms);
        },
      },
      this.#lastEventId,
    );
    return parser;
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#leave;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}

/** What an answer has that EventSource gives up at. */
async function refusalOf(response: Response): Promise<string | undefined> {
  if (response.status === 204) return '204: the server asks clients to stop';
  const type = response.headers.get('content-type') ?? 'no content type';
  const isStream = /^\s*text\/event-stream\s*(;|$)/i.test(type);
  if (response.status === 200 && isStream) return undefined;
  const beginning = (await beginningOf(response)).trim();
  const what = response.status === 200 ? `not an event stream but ${type}` : `HTTP ${response.status}`;
  return `${what}; EventSource gives up at it${beginning === '' ? '' : `: ${beginning}`}`;
}

/** The body may be endless, or never begin: its first piece is waited for, and not for long. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const patience = setTimeout(() => reader.cancel().catch(() => {}), QUOTE_PATIENCE_MS);
  try {
    const { value } = await reader.read();
    return value === undefined ? '' : new TextDecoder().decode(value.subarray(0, QUOTED));
  } catch {
    // The status has been told; a body that broke adds nothing.
    return '';
  } finally {
    clearTimeout(patience);
    reader.cancel().catch(() => {});
  }
}
