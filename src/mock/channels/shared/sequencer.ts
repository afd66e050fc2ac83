import { RequestError } from '../../request.ts';
import { checkedChannels } from '../channel-names.ts';
import { checkEvent } from '../encoded-event.ts';
import type { Hub, Published, PublishedEvent } from '../hub.ts';
import type { FromSequencer, ToSequencer } from './messages.ts';

export interface SequencerOptions {
  /** What may be on its way to hubs that have yet to deliver it, in UTF-16 units. Default 64 M. */
  maxUndelivered?: number;
}

/** An event on its way: each hub tells to how many streams it was handed over. */
interface Sending {
  readonly published: Published;
  readonly size: number;
  streams: number;
  /** Hubs that have yet to deliver it. */
  awaited: number;
  done(published: Published): void;
}

const MAX_UNDELIVERED = 64 * 1024 ** 2;

/** What an event takes besides its data, about. */
const EVENT_OVERHEAD = 200;

/**
 * Gives the events that several hubs publish one order, and with it their ids: each hub gets all events, its own too,
 * in this order, and so all of them remember the same. Whoever publishes has the answer when every hub has handed the
 * event over.
 */
export class Sequencer implements Pick<Hub, 'publish'> {
  readonly #maxUndelivered: number;
  readonly #members: Member[] = [];
  /** Of the latest event. */
  #position = 0;
  #undelivered = 0;

  constructor({ maxUndelivered = MAX_UNDELIVERED }: SequencerOptions = {}) {
    this.#maxUndelivered = maxUndelivered;
  }

  /**
   * Adds a hub; all of them join before the first event.
   *
   * @param send what it is given arrives in order
   */
  join(send: (message: FromSequencer) => void): Member {
    const member = new Member(this, send);
    this.#members.push(member);
    return member;
  }

  async publish(names: readonly string[], event: PublishedEvent): Promise<Published> {
    const channels = checkedChannels(names);
    checkEvent(event, channels);
    return this.sequence(channels, event);
  }

  /**
   * An event that has been checked takes its place in the order.
   *
   * @throws RequestError 503 where hubs are behind by too much
   */
  async sequence(channels: readonly string[], event: PublishedEvent): Promise<Published> {
    const size = event.data.length + EVENT_OVERHEAD;
    // One that is larger than the limit passes alone.
    if (this.#undelivered > 0 && this.#undelivered + size > this.#maxUndelivered) {
      throw new RequestError(503, 'events are published faster than all workers hand them over', {
        'retry-after': '1',
      });
    }
    const behind = this.#position;
    this.#position += channels.length;
    const ids = channels.map((name, index) => [name, event.id ?? String(behind + index + 1)]);
    const published = { ids: Object.fromEntries(ids), streams: 0 };
    const awaited = this.#members.length;
    if (awaited === 0) return published;
    this.#undelivered += size;
    return new Promise((done) => {
      const sending: Sending = { published, size, streams: 0, awaited, done };
      for (const member of this.#members) member.give(sending, { type: 'event', channels, event, behind });
    });
  }

  /** One more hub has handed it over. */
  delivered(sending: Sending, streams: number): void {
    sending.streams += streams;
    sending.awaited -= 1;
    if (sending.awaited > 0) return;
    this.#undelivered -= sending.size;
    sending.done({ ...sending.published, streams: sending.streams });
  }
}

/** A hub, as the sequencer knows it. */
class Member {
  readonly #sequencer: Sequencer;
  readonly #send: (message: FromSequencer) => void;
  /** What it has yet to deliver, oldest first. */
  readonly #sendings: Sending[] = [];

  constructor(sequencer: Sequencer, send: (message: FromSequencer) => void) {
    this.#sequencer = sequencer;
    this.#send = send;
  }

  give(sending: Sending, message: FromSequencer): void {
    this.#sendings.push(sending);
    this.#send(message);
  }

  receive(message: ToSequencer): void {
    switch (message.type) {
      case 'publish': {
        const { request, channels, event } = message;
        this.#sequencer.sequence(channels, event).then(
          (published) => this.#send({ type: 'published', request, published }),
          (error) => this.#refuse(request, error),
        );
        return;
      }
      case 'catch-up':
        this.#send({ type: 'caught-up', request: message.request });
        return;
      case 'delivered': {
        const sending = this.#sendings.shift();
        if (sending !== undefined) this.#sequencer.delivered(sending, message.streams);
      }
    }
  }

  #refuse(request: number, error: unknown): void {
    if (!(error instanceof RequestError)) throw error;
    const { status, message, headers } = error;
    this.#send({ type: 'refused', request, status, message, headers });
  }
}

export type { Member };
