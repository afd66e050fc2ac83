/** What a parser tells, in the order of the stream. */
export interface ParserSink {
  event(event: StreamEvent): void;
  comment(text: string): void;
  /** A valid reconnection time, milliseconds. */
  retry(ms: number): void;
}

export interface StreamEvent {
  /** `message` where the block names none. */
  name: string;
  data: string;
  /** The block's own id, where it has a valid one. */
  id: string | undefined;
}

/** Longest block, in UTF-16 units: what a parser holds stays within it. */
export const MAX_BLOCK_LENGTH = 16 * 1024 * 1024;

/**
 * Text of an event stream → events, as the HTML standard says (sections 9.2.5 and 9.2.6), each with the character
 * that completes it. It exists beside the parser of the command line because that one works on Node's buffers.
 *
 * @throws RangeError from `push` when a block outgrows {@link MAX_BLOCK_LENGTH}
 */
export class StreamParser {
  /** What the next request sends as `Last-Event-ID`. */
  lastEventId: string;
  readonly #sink: ParserSink;
  #name = '';
  #data: string[] = [];
  #id: string | undefined;
  /** Pieces of a line whose end hasn't come. */
  #held: string[] = [];
  #heldLength = 0;
  #blockLength = 0;
  #hasField = false;
  /** The last character was a CR that ended a line: an LF that follows belongs to it. */
  #afterCr = false;

  constructor(sink: ParserSink, lastEventId = '') {
    this.#sink = sink;
    this.lastEventId = lastEventId;
  }

  push(text: string): void {
    if (text === '') return;
    let start = this.#afterCr && text.startsWith('\n') ? 1 : 0;
    this.#afterCr = false;
    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = start;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      this.#line(this.#whole(text.slice(start, end.index)));
      start = lineEnd.lastIndex;
    }
    this.#afterCr = text.endsWith('\r');
    if (start < text.length) this.#hold(text.slice(start));
  }

  /** Whether the stream, ended here, ends inside an event: a browser discards that one. */
  get insideEvent(): boolean {
    return this.#heldLength > 0 || this.#hasField;
  }

  #hold(piece: string): void {
    this.#held.push(piece);
    this.#heldLength += piece.length;
    this.#limit(this.#blockLength + this.#heldLength);
  }

  #whole(rest: string): string {
    if (this.#heldLength === 0) return rest;
    const line = this.#held.join('') + rest;
    this.#held = [];
    this.#heldLength = 0;
    return line;
  }

  #limit(length: number): void {
    if (length > MAX_BLOCK_LENGTH)
      throw new RangeError(`an event is larger than ${MAX_BLOCK_LENGTH} characters`);
  }

  #line(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return this.#sink.comment(line.slice(line[1] === ' ' ? 2 : 1));
    this.#hasField = true;
    this.#blockLength += line.length;
    this.#limit(this.#blockLength);
    if (colon === -1) return this.#field(line, '');
    this.#field(line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1));
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#name = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.#sink.retry(Number(value));
  }

  #dispatch(): void {
    const [name, data, id] = [this.#name, this.#data, this.#id];
    this.#name = '';
    this.#data = [];
    this.#id = undefined;
    this.#blockLength = 0;
    this.#hasField = false;
    if (id !== undefined) this.lastEventId = id;
    if (data.length > 0) this.#sink.event({ name: name || 'message', data: data.join('\n'), id });
  }
}
