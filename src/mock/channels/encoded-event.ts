import { quoted } from '../../notation/invalid-value.ts';
import { type EncodableEvent, encodeEvent } from '../../sse/encoder.ts';
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
export function checkEvent({ event = '', id }: PublishedEvent, channels: readonly string[]): void {
  if (/[\r\n]/.test(event))
    throw refusal(`event: ${quoted(event)} has a line ending, which no stream can carry`);
  if (id === undefined) return;
  if (/[\r\n\0]/.test(id))
    throw refusal(`id: ${quoted(id)} has a line ending or NUL, which no stream can carry`);
  if (id.trim() === '') throw refusal('id: an empty one makes clients forget theirs; leave it out');
  if (id.length > LONGEST_ID)
    throw refusal(`id: ${id.length} characters are too many, at most ${LONGEST_ID}`);
  if (channels.length > 1) {
    throw refusal(
      'id: a stream that carries several of these channels could not resume by it; publish to one channel at a time',
    );
  }
}

function refusal(message: string): RequestError {
  return new RequestError(400, message);
}
