import type { Readable } from 'node:stream';
import { InvalidValue } from '../../notation/invalid-value.ts';
import { byteLines } from '../../recording/byte-lines.ts';
import type { EncodableEvent } from '../../sse/encoder.ts';
import { DEFAULT_CHANNEL } from '../channels/channel-names.ts';
import type { Hub } from '../channels/hub.ts';
import type { MockObserver } from '../observer.ts';
import { RequestError } from '../request.ts';
import { textOfLine } from './file-lines.ts';
import { lineEvent } from './line-event.ts';
import { LineStreams, type LiveLines } from './line-streams.ts';

export interface LinePublisherOptions {
  hub: Pick<Hub, 'publish'>;
  /** Told of lines that come to nothing, or to less than they say; one sentence each. */
  warn(message: string): void;
  /** Longest line; a longer one is left out. Default 1 MB. */
  maxLineBytes?: number;
}

const MAX_LINE_BYTES = 1024 * 1024;

/** So many lines are told of. */
const TOLD_LINES = 20;

/**
 * Publishes each line of standard input on the channel `global` as it comes, for streams that have nothing else of
 * their own. Reading begins with the first stream: what was written before would be for nobody. When the input ends,
 * so do the streams, in order; from then on a client that has everything is told that there is no more (204).
 */
export class LinePublisher implements LiveLines {
  /** Resolves to the number of events, when the last of them was published. */
  readonly ended: Promise<number>;
  readonly #input: Readable;
  readonly #options: LinePublisherOptions;
  readonly #streams = new LineStreams();
  #begin = () => {};
  #lastId = '';
  #told = 0;

  constructor(input: Readable, options: LinePublisherOptions) {
    this.#input = input;
    this.#options = options;
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.ended = begun.then(() => this.#publishAll());
  }

  readonly handler = this.#streams.handler;

  readonly observer: MockObserver = { opened: () => this.begin() };

  /** Reads from now on. */
  begin(): void {
    this.#begin();
  }

  /** Of the last line so far; '' where none came. */
  get lastId(): string {
    return this.#lastId;
  }

  stop(): void {
    this.#input.destroy();
    this.#begin();
  }

  async #publishAll(): Promise<number> {
    const { maxLineBytes: maxBytes = MAX_LINE_BYTES } = this.#options;
    const tooLong = (line: number) => {
      this.#tell(line, `left out: longer than ${maxBytes} bytes`);
      return 'leave out' as const;
    };
    let published = 0;
    try {
      for await (const { bytes, number } of byteLines(this.#input, { maxBytes, tooLong })) {
        published += await this.#publish(textOfLine(bytes, number), number);
      }
    } catch (error) {
      // Stopped by us is no failure.
      if (!this.#input.destroyed || this.#input.errored !== null) {
        this.#options.warn(`standard input can't be read any more: ${(error as Error).message}`);
      }
    }
    const untold = this.#told - TOLD_LINES;
    if (untold > 0) this.#options.warn(`standard input: the same of ${untold} more lines`);
    this.#streams.end(this.#lastId);
    return published;
  }

  async #publish(text: string, line: number): Promise<number> {
    try {
      const { comment, event } = lineEvent(text) ?? {};
      if (comment !== undefined || event?.retry !== undefined) {
        this.#tell(line, 'only event, data and id of it are published');
      }
      if (event === undefined) return 0;
      await this.#send(event);
      return 1;
    } catch (error) {
      if (!(error instanceof InvalidValue || error instanceof RequestError)) throw error;
      this.#tell(line, `left out: ${error.message}`);
      return 0;
    }
  }

  async #send({ event, data, id }: EncodableEvent): Promise<void> {
    const { ids } = await this.#options.hub.publish([DEFAULT_CHANNEL], {
      ...(event === undefined ? {} : { event }),
      ...(id === undefined ? {} : { id }),
      data,
    });
    this.#lastId = ids[DEFAULT_CHANNEL] ?? this.#lastId;
  }

  #tell(line: number, what: string): void {
    this.#told += 1;
    if (this.#told <= TOLD_LINES) this.#options.warn(`standard input, line ${line}: ${what}`);
  }
}
