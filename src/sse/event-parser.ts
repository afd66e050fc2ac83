import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';

/** Who a parser works for. */
export interface ParserListener {
  onEvent(message: EventSourceMessage): void;
  onComment(text: string): void;
  onRetry(ms: number): void;
  /** A line that means nothing: an unknown field, a `retry` that is no number. */
  onIgnored(): void;
}

/** Parsers that wait for work; more of them are only ever needed at once by blocks that came in parts. */
const MAX_SPARE = 64;
const spare: EventParser[] = [];

/**
 * A parser of eventsource-parser, on loan. It takes a kilobyte and remembers nothing between two blocks: of thousands
 * of streams only those have one that are in the middle of a block.
 */
export class EventParser {
  #listener: ParserListener | undefined;
  readonly #parser: EventSourceParser;

  private constructor() {
    this.#parser = createParser({
      onEvent: (message) => this.#listener?.onEvent(message),
      onComment: (text) => this.#listener?.onComment(text),
      onRetry: (ms) => this.#listener?.onRetry(ms),
      onError: () => this.#listener?.onIgnored(),
    });
    // The parser's own search for a byte order mark mistakes the text "ï»¿" for one: give it a first chunk to search.
    this.#parser.feed('');
  }

  /** A parser between two blocks. */
  static take(listener: ParserListener): EventParser {
    const parser = spare.pop() ?? new EventParser();
    parser.#listener = listener;
    return parser;
  }

  /** To be called between two blocks only: the next stream goes on where this one stopped. */
  giveBack(): void {
    this.#listener = undefined;
    if (spare.length < MAX_SPARE) spare.push(this);
  }

  /** @param lines whole lines that end in LF, so that nothing of them is held back */
  feed(lines: string): void {
    this.#parser.feed(lines);
  }
}
