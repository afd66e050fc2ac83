import { type EncodableEvent, encodeEvent, UnencodableEventError } from '../../sse/encoder.ts';
import { RequestError } from '../request.ts';
import { Frame } from '../wire/frame.ts';
import type { ChannelEvent, PublishedEvent } from './hub.ts';

/** In UTF-16 units: an id comes back in a header, and servers bound those. */
const LONGEST_ID = 1_000;

/** An event as it goes out to every stream of a channel, encoded once. */
export class EncodedEvent implements ChannelEvent {
  readonly event: EncodableEvent;
  readonly eventWithoutId: EncodableEvent;
  readonly frame: Frame;
  #frameWithoutId: Frame | undefined;

  /**
   * @param id that streams resume by
   * @throws UnencodableEventError
   */
  constructor(published: PublishedEvent, id: string) {
    this.eventWithoutId = published;
    this.event = published.id === id ? published : { ...published, id };
    this.frame = new Frame(encodeEvent(this.event));
  }

  get frameWithoutId(): Frame {
    if (this.event === this.eventWithoutId) return this.frame;
    this.#frameWithoutId ??= new Frame(encodeEvent(this.eventWithoutId));
    return this.#frameWithoutId;
  }
}

/** @throws RequestError 400 for what an event stream can't carry, naming the key */
export function checkEvent({ event, id }: PublishedEvent, channels: readonly string[]): void {
  try {
    encodeEvent({ event, id, data: '' });
  } catch (error) {
    if (!(error instanceof UnencodableEventError)) throw error;
    throw new RequestError(400, error.message);
  }
  if (id?.trim() === '') {
    throw new RequestError(400, 'id: an empty one makes clients forget theirs; leave it out');
  }
  if (id !== undefined && id.length > LONGEST_ID) {
    throw new RequestError(400, `id: ${id.length} characters are too many, at most ${LONGEST_ID}`);
  }
  if (id !== undefined && channels.length > 1) {
    throw new RequestError(
      400,
      'id: a stream that carries several of these channels could not resume by it; publish to one channel at a time',
    );
  }
}
