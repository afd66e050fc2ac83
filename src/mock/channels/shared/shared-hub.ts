import { RequestError } from '../../request.ts';
import type { Following, Hub, HubReader, Position, Published, PublishedEvent } from '../hub.ts';
import { createMemoryHub, type MemoryHub, type MemoryHubOptions } from '../memory-hub.ts';
import type { FromSequencer, ToSequencer } from './messages.ts';

interface Waiting {
  resolve(published: Published | undefined): void;
  reject(error: RequestError): void;
}

/**
 * Channels that several processes share. Each keeps all events, in the one order that the {@link Sequencer} gives
 * them, so that a stream may resume on any of them.
 */
export class SharedHub implements Hub {
  readonly #memory: MemoryHub;
  readonly #send: (message: ToSequencer) => void;
  /** Questions without an answer so far, by number. */
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** @param send to the sequencer, in order */
  constructor(send: (message: ToSequencer) => void, options: MemoryHubOptions = {}) {
    this.#memory = createMemoryHub(options);
    this.#send = send;
  }

  async publish(names: readonly string[], event: PublishedEvent): Promise<Published> {
    const channels = this.#memory.admit(names, event);
    const published = await this.#ask((request) => ({ type: 'publish', request, channels, event }));
    if (published === undefined) throw new Error('the sequencer answered another question');
    return published;
  }

  async locate(channels: readonly string[], lastEventId: string): Promise<Position> {
    // Another process may have given out an event that is yet to come here.
    if (lastEventId !== '') await this.#ask((request) => ({ type: 'catch-up', request }));
    return this.#memory.locate(channels, lastEventId);
  }

  follow(channels: readonly string[], position: Position, reader: HubReader): Following {
    return this.#memory.follow(channels, position, reader);
  }

  /** What the sequencer says, in its order. */
  receive(message: FromSequencer): void {
    switch (message.type) {
      case 'event': {
        const { channels, event, behind } = message;
        const { streams } = this.#memory.deliver(channels, event, behind);
        this.#send({ type: 'delivered', streams });
        return;
      }
      case 'published':
        this.#answered(message.request)?.resolve(message.published);
        return;
      case 'caught-up':
        this.#answered(message.request)?.resolve(undefined);
        return;
      case 'refused': {
        const { request, status, message: text, headers } = message;
        this.#answered(request)?.reject(new RequestError(status, text, headers));
      }
    }
  }

  async close(): Promise<void> {
    for (const { reject } of this.#waiting.values()) reject(new RequestError(503, 'the server ends'));
    this.#waiting.clear();
    await this.#memory.close();
  }

  #ask(question: (request: number) => ToSequencer): Promise<Published | undefined> {
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject });
      this.#send(question(request));
    });
  }

  #answered(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    return waiting;
  }
}
