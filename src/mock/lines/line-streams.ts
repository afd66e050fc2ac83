import { setMaxListeners } from 'node:events';
import type { Handler } from '../answer.ts';
import type { MockObserver } from '../observer.ts';

/** Lines that are published as they come, to whoever they are for. */
export interface LiveLines {
  handler: Handler;
  /** Is to be told when there is a stream to read for. */
  observer: MockObserver;
  /** Reads no further. */
  stop(): void;
}

/**
 * Streams that have nothing of their own but the lines which are published: open until there are no more. From then on
 * a client that has everything is told so (204).
 */
export class LineStreams {
  readonly #over = new AbortController();
  #lastId = '';

  constructor() {
    // A listener for each stream is what it is for.
    setMaxListeners(0, this.#over.signal);
  }

  readonly handler: Handler = ({ lastEventId }) => {
    if (this.#over.signal.aborted && (lastEventId === '' || lastEventId === this.#lastId)) {
      return { kind: 'plain', status: 204 };
    }
    return {
      kind: 'stream',
      schedule: [][Symbol.iterator](),
      hold: this.#over.signal,
      ids: 'channel',
    };
  };

  /** @param lastId of the last line */
  end(lastId: string): void {
    this.#lastId = lastId;
    this.#over.abort();
  }
}
