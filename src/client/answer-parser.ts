import type { ResponseHead } from './exchange.ts';
import { headerText, headerValue } from './headers.ts';
import { GO_ON, type LlhttpListener, NO_BODY, STOP, theLlhttp } from './llhttp.ts';
import type { Framing, HeaderPair } from './records.ts';

/** All response headers together, as curl has it; beyond that the answer is an error, not a reason to grow. */
const MAX_HEADER_BYTES = 300 * 1024;

const SWITCHING_PROTOCOLS = 101;

/** What llhttp takes for an error of its listener. */
const FAILED = 24;

/** What an answer consists of, in order; answers of status 1xx are passed over. */
export interface AnswerSink {
  answered(head: ResponseHead): void;
  /** A view into the bytes that the parser was given. */
  body(bytes: Buffer): void;
  /** Nothing that follows belongs to the answer. */
  complete(): void;
}

/** Why an answer is not valid HTTP: `code` is `HEADERS_TOO_LARGE`, or llhttp's name for it (`HPE_…`). */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Parses the answer to one request over HTTP/1.1, as strictly as llhttp does unless it is told otherwise. */
export class AnswerParser implements LlhttpListener {
  readonly #sink: AnswerSink;
  readonly #isHead: boolean;
  readonly #parser = theLlhttp().create();
  /** The bytes at hand, while the parser runs. */
  #bytes: Buffer | undefined;
  /** What has come of a head, or of the lines behind a chunked body. */
  #lines: HeaderLines | undefined;
  #answered = false;
  #failure: AnswerError | undefined;
  #freed = false;

  constructor(method: string, sink: AnswerSink) {
    this.#isHead = method === 'HEAD';
    this.#sink = sink;
  }

  /** Takes the next bytes of the connection; returns what is wrong with them, after which it takes no more. */
  push(bytes: Buffer): AnswerError | undefined {
    if (this.#freed) return undefined;
    const llhttp = theLlhttp();
    this.#bytes = bytes;
    try {
      let code = llhttp.execute(this.#parser, bytes, this);
      while (code === STOP && !this.#answered) {
        this.#bytes = this.#bytes.subarray(llhttp.restart(this.#parser));
        code = llhttp.execute(this.#parser, this.#bytes, this);
      }
      if (code === GO_ON || code === STOP) return undefined;
      return this.#failure ?? new AnswerError(llhttp.errorName(code), llhttp.reason(this.#parser));
    } finally {
      this.#bytes = undefined;
      if (this.#freed) llhttp.free(this.#parser);
    }
  }

  /** Gives its memory back; within a report it also stops the parser. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (this.#bytes === undefined) theLlhttp().free(this.#parser);
  }

  onStatusText(start: number, end: number): number {
    this.#linesAtHand().statusText += this.#text(start, end);
    return this.#checkSize();
  }

  onHeaderName(start: number, end: number): number {
    this.#linesAtHand().addName(this.#text(start, end));
    return this.#checkSize();
  }

  onHeaderValue(start: number, end: number): number {
    this.#linesAtHand().addValue(this.#text(start, end));
    return this.#checkSize();
  }

  onHeadersComplete(status: number, isUpgrade: boolean): number {
    if (isUpgrade || status === SWITCHING_PROTOCOLS) {
      return this.#fail('HPE_INVALID_STATUS', 'it switches to a protocol that nobody asked for');
    }
    if (status < 100) return this.#fail('HPE_INVALID_STATUS', `${status} is no status`);
    const lines = this.#linesAtHand();
    this.#lines = undefined;
    if (status < 200) return NO_BODY;
    this.#answered = true;
    const headers = lines.pairs();
    this.#sink.answered({
      status,
      statusText: lines.statusText,
      headers,
      http: theLlhttp().isHttp10(this.#parser) ? '1.0' : '1.1',
      framing: framingOf(status, headers),
    });
    return this.#isHead ? NO_BODY : GO_ON;
  }

  onBody(start: number, end: number): number {
    if (this.#freed || this.#bytes === undefined) return STOP;
    this.#sink.body(this.#bytes.subarray(start, end));
    return GO_ON;
  }

  onMessageComplete(): number {
    // Stops behind an interim answer too: llhttp would take its `Connection: close` or length for the next one's.
    if (this.#answered && !this.#freed) this.#sink.complete();
    return STOP;
  }

  #linesAtHand(): HeaderLines {
    this.#lines ??= new HeaderLines();
    return this.#lines;
  }

  #text(start: number, end: number): string {
    return this.#bytes?.toString('latin1', start, end) ?? '';
  }

  #checkSize(): number {
    const { size, statusText } = this.#linesAtHand();
    if (size + statusText.length < MAX_HEADER_BYTES) return GO_ON;
    return this.#fail('HEADERS_TOO_LARGE', 'the headers are too large');
  }

  #fail(code: string, message: string): number {
    this.#failure = new AnswerError(code, message);
    return FAILED;
  }
}

/** Lines of headers as they come, in pieces. */
class HeaderLines {
  statusText = '';
  /** Characters of names and values so far. */
  size = 0;
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  addName(text: string): void {
    this.size += text.length;
    // A name goes on as long as no value has followed it.
    if (this.#names.length === this.#values.length) this.#names.push(text);
    else this.#names[this.#names.length - 1] += text;
  }

  addValue(text: string): void {
    this.size += text.length;
    if (this.#values.length < this.#names.length) this.#values.push(text);
    else this.#values[this.#values.length - 1] += text;
  }

  pairs(): HeaderPair[] {
    return this.#names.map((name, i) => [headerText(name), headerText(this.#values[i] ?? '')]);
  }
}

/** RFC 9112 §6.3. */
function framingOf(status: number, headers: readonly HeaderPair[]): Framing {
  if (status === 204 || status === 304) return 'length';
  const transfer = headerValue(headers, 'transfer-encoding');
  if (transfer !== undefined) return /\bchunked\s*$/i.test(transfer) ? 'chunked' : 'close';
  return headerValue(headers, 'content-length') === undefined ? 'close' : 'length';
}
